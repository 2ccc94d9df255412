"""Who can open a ledger: key slots beside the file, and the recovery code, which is the data key itself.

`NAME.skillsaid-keys` holds the data key wrapped once for each user (Argon2id, AES-256-GCM); a second copy lies
in the local data folder under the ledger's id. The ledger's id is the salt in the first 16 bytes of the file,
so a file that lost its slots still says which copy belongs to it.
"""

import json
import os
import secrets
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from skillsaid_desktop.errors import UserError
from skillsaid_desktop.paths import data_folder
from skillsaid_desktop.replacing import put_over

KEY_BYTES = 32
ID_BYTES = 16
FORMAT = 1


@dataclass(frozen=True)
class Cost:
    """Argon2id parameters; kept with each slot, so they can grow with the machines."""

    iterations: int
    lanes: int
    memory_kib: int


FULL_COST = Cost(iterations=3, lanes=4, memory_kib=128 * 1024)
TEST_COST = Cost(iterations=1, lanes=1, memory_kib=64)


def usual_cost() -> Cost:
    """Return the cost of new slots; `SKILLSAID_CHEAP_KEYS=1` makes it cheap, for tests only."""
    return TEST_COST if os.environ.get("SKILLSAID_CHEAP_KEYS") == "1" else FULL_COST


@dataclass(frozen=True)
class Slot:
    """The data key wrapped under one passphrase."""

    id: str
    kind: str  # "passphrase"
    cost: Cost
    salt: bytes
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True)
class Keyring:
    """What the key file says: the ledger's id and its slots."""

    ledger_id: str
    slots: tuple[Slot, ...] = field(default=())

    def to_text(self) -> str:
        """Return the JSON text of the key file."""
        slots = [
            {
                "id": slot.id,
                "kind": slot.kind,
                "argon2id": asdict(slot.cost),
                "salt": b64encode(slot.salt).decode(),
                "nonce": b64encode(slot.nonce).decode(),
                "wrapped": b64encode(slot.wrapped).decode(),
            }
            for slot in self.slots
        ]
        return json.dumps({"format": FORMAT, "ledger_id": self.ledger_id, "slots": slots}, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str, name: str) -> "Keyring":
        """Read a key file; UserError names the file if it is none or newer than this program."""
        try:
            found: dict[str, Any] = json.loads(text)
            if found["format"] > FORMAT:
                raise UserError(f"密钥文件“{name}”是更新版本的程序写的，这个版本打不开。", "请安装新版本。")
            slots = tuple(
                Slot(
                    id=str(one["id"]),
                    kind=str(one["kind"]),
                    cost=Cost(**one["argon2id"]),
                    salt=b64decode(one["salt"], validate=True),
                    nonce=b64decode(one["nonce"], validate=True),
                    wrapped=b64decode(one["wrapped"], validate=True),
                )
                for one in found["slots"]
            )
            return cls(ledger_id=str(found["ledger_id"]), slots=slots)
        except (ValueError, KeyError, TypeError) as error:
            raise UserError(
                f"密钥文件“{name}”已损坏，读不出来。", "台账本身没有动。请用恢复码打开，或者从备份恢复。"
            ) from error


def new_key() -> bytes:
    """Return a fresh data key."""
    return secrets.token_bytes(KEY_BYTES)


def new_ledger_id() -> str:
    """Return a fresh ledger id: 32 hex digits, which become the file's salt."""
    return secrets.token_hex(ID_BYTES)


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    kdf = Argon2id(
        salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    return kdf.derive(passphrase.encode())


def wrap(key: bytes, passphrase: str, ledger_id: str, *, cost: Cost | None = None) -> Slot:
    """Wrap the data key under a passphrase."""
    if not passphrase:
        raise UserError("口令不能为空。", "请定一个至少 8 个字的口令。")
    slot_id = secrets.token_hex(8)
    cost = cost or usual_cost()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_derive(passphrase, salt, cost)).encrypt(nonce, key, f"{ledger_id}/{slot_id}".encode())
    return Slot(id=slot_id, kind="passphrase", cost=cost, salt=salt, nonce=nonce, wrapped=sealed)


_failures = 0


def unwrap(keyring: Keyring, passphrase: str) -> list[bytes]:
    """Return the data keys that the passphrase opens, newest first; a wrong one is slowed and refused.

    There are two only while a renewed recovery code is being written.
    """
    global _failures
    keys: list[bytes] = []
    derived: dict[tuple[bytes, Cost], bytes] = {}
    for slot in reversed(keyring.slots):
        at = (slot.salt, slot.cost)
        derived[at] = derived.get(at) or _derive(passphrase, slot.salt, slot.cost)
        try:
            bound = f"{keyring.ledger_id}/{slot.id}".encode()
            keys.append(AESGCM(derived[at]).decrypt(slot.nonce, slot.wrapped, bound))
        except InvalidTag:
            continue
    if keys:
        _failures = 0
        return keys
    _failures += 1
    if usual_cost() == FULL_COST:
        time.sleep(min(0.5 * 2 ** (_failures - 1), 15))
    raise UserError("口令不对，台账没有打开。", "请看看大小写和输入法，再输一次；忘了口令可以用恢复码。")


# --- files ---------------------------------------------------------------------------------------------


def keys_path(ledger: Path) -> Path:
    """Return where the slots of a ledger file lie."""
    return ledger.with_name(ledger.name + "-keys")


def local_keys_path(ledger_id: str) -> Path:
    """Return where this PC keeps its second copy of the slots."""
    return data_folder() / "keys" / f"{ledger_id}.skillsaid-keys"


def write_beside(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside, flushed, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    put_over(beside, path)


def save_keyring(keyring: Keyring, ledger: Path) -> None:
    """Write the slots beside the ledger and to this PC's second copy."""
    write_beside(keys_path(ledger), keyring.to_text().encode())
    save_local_copy(keyring)


def save_local_copy(keyring: Keyring) -> None:
    """Write the slots to this PC's second copy."""
    write_beside(local_keys_path(keyring.ledger_id), keyring.to_text().encode())


def ledger_id_of(ledger: Path) -> str:
    """Return the id that the file's first bytes tell; "" if it is shorter."""
    with ledger.open("rb") as file:
        head = file.read(ID_BYTES)
    return head.hex() if len(head) == ID_BYTES else ""


def find_keyring(ledger: Path) -> Keyring | None:
    """Return the slots of a ledger from beside it or from this PC's copy, None if both are missing."""
    ledger_id = ledger_id_of(ledger)
    found: Keyring | None = None
    for path in _candidates(ledger, ledger_id):
        if not path.is_file():
            continue
        try:
            keyring = Keyring.from_text(path.read_text("utf-8", errors="replace"), path.name)
        except UserError:
            if path != keys_path(ledger) or local_keys_path(ledger_id).is_file():
                continue
            raise
        if keyring.ledger_id == ledger_id:
            return keyring
        found = found or keyring
    # An id that fits no slot: another ledger's key file, or the file's first bytes are gone.
    return replace(found) if found else None


def _candidates(ledger: Path, ledger_id: str) -> Iterable[Path]:
    yield keys_path(ledger)
    if ledger_id:
        yield local_keys_path(ledger_id)
