"""与户主关系 (DOMAIN section 4): which relations say the sex of who bears them, and which one is the head's."""

HEAD = "户主"

SEX_OF_RELATION: dict[str, str] = {
    **dict.fromkeys(("之子", "之女婿", "之孙子", "之外孙子", "之父", "之岳父", "之公公", "之祖父", "之外祖父"), "男"),
    **dict.fromkeys(("之女", "之儿媳", "之孙女", "之外孙女", "之母", "之岳母", "之婆婆", "之祖母", "之外祖母"), "女"),
}  # fmt: skip
