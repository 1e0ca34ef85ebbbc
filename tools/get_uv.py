"""Put uv into the checkout, from PyPI, with nothing but a Python 3.8 or newer. Not needed where uv is installed.

python3 tools/get_uv.py .uv/bin
"""

import hashlib
import io
import json
import os
import platform
import stat
import sys
import urllib.request
import zipfile
from pathlib import Path

VERSION = "0.13.9"
INDEX = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"


def wanted_tags() -> "list[str]":
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if sys.platform == "darwin":
        return ["macosx_11_0_arm64" if machine == "aarch64" else "macosx_10_12_x86_64"]
    if platform.libc_ver()[0] == "glibc":
        return [f"manylinux_2_17_{machine}", f"manylinux_2_28_{machine}"]
    return [f"musllinux_1_1_{machine}"]


def find_wheel() -> "tuple[str, str]":
    """Address and SHA-256 of the wheel for this machine."""
    page = f"{INDEX.rstrip('/')}/uv/"
    request = urllib.request.Request(page, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request, timeout=60) as reply:
        files = json.load(reply)["files"]
    for file in files:
        name = file["filename"]
        if name.startswith(f"uv-{VERSION}-") and name.endswith(".whl") and any(tag in name for tag in wanted_tags()):
            return urllib.request.urljoin(page, file["url"]), file["hashes"]["sha256"]
    raise SystemExit(f"No uv {VERSION} for this machine on {INDEX}. Install uv by hand and try again.")


def main(target: Path) -> None:
    address, digest = find_wheel()
    with urllib.request.urlopen(address, timeout=300) as reply:
        wheel = reply.read()
    if hashlib.sha256(wheel).hexdigest() != digest:
        raise SystemExit("The uv that came is not the one that was promised. Nothing was installed.")
    target.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        member = next(name for name in archive.namelist() if name.endswith("/scripts/uv"))
        (target / "uv").write_bytes(archive.read(member))
    (target / "uv").chmod(stat.S_IRWXU)
    print(f"uv {VERSION} is in {target}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
