"""What a relation to the head of a household (与户主关系) says about a person."""

SEX_OF_RELATION = {
    **dict.fromkeys(("之子", "之女婿", "之孙子", "之外孙子", "之父", "之祖父", "之外祖父"), "男"),
    **dict.fromkeys(("之女", "之儿媳", "之孙女", "之外孙女", "之母", "之祖母", "之外祖母"), "女"),
    **dict.fromkeys(("之岳父", "之公公"), "男"),
    **dict.fromkeys(("之岳母", "之婆婆"), "女"),
}

HEAD = "户主"
