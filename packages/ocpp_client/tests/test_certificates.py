"""The certificates of a station: roots, its own, hash data, firmware signatures; in memory and on disk."""

from __future__ import annotations

import base64
import hashlib
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from evproto.core import DecodeError
from evproto.ocpp_client.certificates import (
    CertificateError,
    CertificateStore,
    DeleteStatus,
    DirectoryVault,
    HashAlgorithm,
    InstallStatus,
    MemoryVault,
    OwnUse,
    RootUse,
    Subject,
    Vault,
    hash_data,
    new_key,
    ocsp_data,
)
from evproto.ocpp_client.certificates.firmware import check_signing_certificate, is_signed
from evproto.ocpp_client.certificates.pem import read_chain
from evproto.ocpp_client.certificates.testing import Authority

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ROOT = Authority("root", NOON)
OTHER = Authority("other", NOON)
STATION = OwnUse.CHARGING_STATION
SUBJECT = Subject(common_name="SN-1", organization="CPO")


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


def small_rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)


def make(vault: Vault | None = None, *, most: int = 32, signed_by_the_old: bool = False) -> CertificateStore:
    return CertificateStore(vault or MemoryVault(), new_key, most=most, signed_by_the_old=signed_by_the_old)


@pytest.fixture(params=["memory", "directory"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    return MemoryVault() if request.param == "memory" else DirectoryVault(tmp_path / "vault")


# --- roots ---


def test_roots_outlive_a_restart(vault: Vault) -> None:
    assert make(vault).roots.install(RootUse.CSMS, ROOT.pem, NOON).status is InstallStatus.ACCEPTED
    again = make(vault)
    assert again.roots.certificates(RootUse.CSMS) == [ROOT.certificate]
    assert again.roots.certificates(RootUse.MO) == []
    assert again.damaged == ()


def test_a_root_that_is_there_is_not_installed_twice() -> None:
    store = make(most=1)
    for _ in range(2):
        assert store.roots.install(RootUse.V2G, ROOT.pem, NOON).status is InstallStatus.ACCEPTED
    assert len(store.roots) == 1


@pytest.mark.parametrize(
    ("pem", "reason"),
    [
        ("", "no PEM"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "no PEM"),
        ("ü", "no PEM"),
        ("x" * 20_000, "longer than"),
        (ROOT.pem * 2, "at most 1"),
        (Authority("old", NOON, days=-1).pem, "expired"),
        (ROOT.issue("leaf").pem, "not the certificate of an authority"),
        (Authority("weak", NOON, make_key=small_rsa).pem, "1024 bits too short"),
    ],
)
def test_a_bad_root_is_rejected_with_its_reason(pem: str, reason: str) -> None:
    store = make()
    outcome = store.roots.install(RootUse.CSMS, pem, NOON)
    assert outcome.status is InstallStatus.REJECTED
    assert reason in outcome.reason
    assert store.installed() == ()


def test_a_root_with_a_wrong_signature_is_rejected() -> None:
    forged = x509.CertificateBuilder(
        issuer_name=ROOT.certificate.subject,
        subject_name=ROOT.certificate.subject,
        public_key=ROOT.certificate.public_key(),
        serial_number=7,
        not_valid_before=days(-1),
        not_valid_after=days(9),
        extensions=list(ROOT.certificate.extensions),
    ).sign(new_key(), hashes.SHA256())
    pem = forged.public_bytes(serialization.Encoding.PEM).decode()
    assert "signature" in make().roots.install(RootUse.CSMS, pem, NOON).reason


def test_no_more_roots_than_there_is_room_for() -> None:
    store = make(most=1)
    assert store.roots.install(RootUse.MO, ROOT.pem, NOON).status is InstallStatus.ACCEPTED
    assert store.roots.install(RootUse.CSMS, OTHER.pem, NOON).status is InstallStatus.REJECTED


def test_a_full_disk_fails_the_installation() -> None:
    class Full(MemoryVault):
        def write(self, name: str, content: bytes) -> None:
            raise OSError("no space left")

    outcome = make(Full()).roots.install(RootUse.CSMS, ROOT.pem, NOON)
    assert (outcome.status, outcome.reason) == (InstallStatus.FAILED, "no space left")


def test_what_is_installed_is_listed_by_use_and_deleted_by_its_hash(vault: Vault) -> None:
    store = make(vault)
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    store.roots.install(RootUse.MO, OTHER.pem, NOON)
    (entry,) = store.installed([RootUse.MO.value])
    assert entry.hash == hash_data(OTHER.certificate, OTHER.certificate)
    asked = hash_data(OTHER.certificate, OTHER.certificate, HashAlgorithm.SHA512)
    assert store.delete(asked) is DeleteStatus.ACCEPTED
    assert store.delete(asked) is DeleteStatus.NOT_FOUND
    assert [one.use for one in make(vault).installed()] == ["CSMSRootCertificate"]


def test_the_root_that_the_connection_stands_on_cannot_be_deleted() -> None:
    store = make()
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    hash = store.installed()[0].hash
    store.roots.connected([der(ROOT.issue("csms").certificate), der(ROOT.certificate)])
    assert store.delete(hash) is DeleteStatus.FAILED
    store.roots.connected([])
    assert store.delete(hash) is DeleteStatus.ACCEPTED


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def test_a_new_csms_root_must_be_signed_by_the_old_one_where_the_check_is_on(vault: Vault) -> None:
    store = make(vault, signed_by_the_old=True)
    assert store.roots.install(RootUse.CSMS, ROOT.pem, NOON).status is InstallStatus.ACCEPTED
    assert store.roots.install(RootUse.CSMS, OTHER.pem, NOON).status is InstallStatus.REJECTED
    new = ROOT.under("new root")
    assert store.roots.install(RootUse.CSMS, new.pem, NOON).status is InstallStatus.ACCEPTED
    assert store.roots.certificates(RootUse.CSMS) == [ROOT.certificate, new.certificate]
    newer = new.under("newer root")
    assert store.roots.install(RootUse.CSMS, newer.pem, NOON).status is InstallStatus.ACCEPTED
    again = make(vault, signed_by_the_old=True)
    assert again.roots.certificates(RootUse.CSMS) == [new.certificate, newer.certificate]
    named = hash_data(newer.certificate, new.certificate, HashAlgorithm.SHA384)
    assert named.names(again.roots.of(RootUse.CSMS)[1].certificate, again.roots.of(RootUse.CSMS)[1].issuer)


def test_the_old_root_goes_once_the_new_one_has_proved_itself() -> None:
    store = make(signed_by_the_old=True)
    new = ROOT.under("new root")
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    store.roots.install(RootUse.CSMS, new.pem, NOON)
    store.roots.connected([der(ROOT.issue("csms").certificate), der(ROOT.certificate)])
    assert len(store.roots) == 2
    store.roots.connected([der(new.issue("csms").certificate), der(new.certificate), der(ROOT.certificate)])
    assert store.roots.certificates(RootUse.CSMS) == [new.certificate]


# --- hash data ---


@pytest.mark.parametrize("algorithm", HashAlgorithm)
def test_hash_data_is_that_of_rfc_6960(algorithm: HashAlgorithm) -> None:
    leaf = ROOT.issue("leaf").certificate
    found = hash_data(leaf, ROOT.certificate, algorithm)
    name = leaf.issuer.public_bytes()
    point = ROOT.certificate.public_key()
    assert isinstance(point, ec.EllipticCurvePublicKey)
    key = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    assert found.issuer_name_hash == hashlib.new(algorithm.value, name).hexdigest()
    assert found.issuer_key_hash == hashlib.new(algorithm.value, key).hexdigest()
    assert int(found.serial_number, 16) == leaf.serial_number
    assert not found.serial_number.startswith("0")


def test_every_certificate_of_a_chain_can_be_asked_after() -> None:
    sub = ROOT.under("sub")
    leaf = sub.issue("contract", responder="http://ocsp.example/")
    found = ocsp_data((leaf.certificate, *leaf.between, ROOT.certificate))
    assert [one.responder_url for one in found] == ["http://ocsp.example/", ""]
    assert found[0].hash == hash_data(leaf.certificate, sub.certificate)


# --- the station's own certificates ---


def signed_in(
    store: CertificateStore, authority: Authority = ROOT, *, ends: float = 365, begins: float = -1
) -> str:
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    csr = store.own.request(STATION, SUBJECT)
    return authority.sign(csr, days=ends, begins_in=begins).chain_pem


def test_a_csr_names_the_station_and_its_operator() -> None:
    csr = x509.load_pem_x509_csr(make().own.request(STATION, SUBJECT).encode())
    assert csr.is_signature_valid
    assert csr.subject.rfc4514_string() == "O=CPO,CN=SN-1"
    key = csr.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.key_size >= 224


def test_a_csr_of_an_rsa_key_is_made_too() -> None:
    store = CertificateStore(MemoryVault(), lambda: rsa.generate_private_key(65537, 2048))
    assert x509.load_pem_x509_csr(store.own.request(STATION, SUBJECT).encode()).is_signature_valid


def test_a_signed_certificate_comes_into_force_and_outlives_a_restart(vault: Vault) -> None:
    store = make(vault)
    chain = signed_in(store, ROOT.under("sub"))
    store = make(vault)  # the key waited on the disk
    identity = store.own.accept(STATION, chain, NOON, "SN-1")
    assert identity.chain_pem == chain
    assert "PRIVATE" not in repr(identity)
    again = make(vault).own.current(STATION, NOON)
    assert again is not None
    assert (again.chain_pem, again.key_pem) == (chain, identity.key_pem)
    with pytest.raises(CertificateError, match="no ChargingStationCertificate was asked for"):
        store.own.accept(STATION, chain, NOON)


def test_a_certificate_that_does_not_fit_is_refused() -> None:
    store = make()
    good = signed_in(store)
    csr = store.own.request(STATION, SUBJECT)
    for chain, reason in (
        (good, "not for the key"),
        ("", "no PEM"),
        (OTHER.sign(csr).chain_pem, "comes from no root"),
        (ROOT.sign(csr, days=-1, begins_in=-9).chain_pem, "valid"),
        (ROOT.sign(csr, name="SN-2").chain_pem, "common name SN-1"),
        (ROOT.under("sub").sign(csr).pem, "comes from no root"),
        (ROOT.sign(csr).chain_pem + "".join(ROOT.issue(f"{n}").pem for n in range(9)), "at most"),
    ):
        with pytest.raises(CertificateError, match=reason):
            store.own.accept(STATION, chain, NOON, "SN-1")
    assert store.own.current(STATION, NOON) is None
    store.own.accept(STATION, ROOT.sign(csr).chain_pem, NOON, "SN-1")


def old_leaf(csr: str, signer: Authority, *, ends: float = 365) -> str:
    """X.509 version 1: the builder cannot make one, so its DER is put together here."""
    asked = x509.load_pem_x509_csr(csr.encode())
    issued = signer.sign(csr, days=ends).certificate
    spki = asked.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    algorithm = bytes.fromhex("300a06082a8648ce3d040302")
    times = [issued.not_valid_before_utc, issued.not_valid_after_utc]
    validity = der_of(0x30, *(der_of(0x17, time.strftime("%y%m%d%H%M%SZ").encode()) for time in times))
    body = der_of(
        0x30,
        der_of(0x02, b"\x07"),
        algorithm,
        issued.issuer.public_bytes(),
        validity,
        issued.subject.public_bytes(),
        spki,
    )
    assert isinstance(signer.issued.key, ec.EllipticCurvePrivateKey)
    signature = signer.issued.key.sign(body, ec.ECDSA(hashes.SHA256()))
    whole = der_of(0x30, body, algorithm, der_of(0x03, b"\0" + signature))
    pem = base64.encodebytes(whole).decode()
    return f"-----BEGIN CERTIFICATE-----\n{pem}-----END CERTIFICATE-----\n"


def der_of(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    digits = length.to_bytes(1 if length < 256 else 2, "big")
    return bytes([tag, 0x80 | len(digits)]) + digits + content


def test_a_leaf_of_x509_version_1_is_verified_too() -> None:
    store = make()
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    csr = store.own.request(STATION, SUBJECT)
    sub = ROOT.under("sub")
    for bad in (old_leaf(csr, OTHER), old_leaf(csr, ROOT, ends=-1), old_leaf(csr, sub)):
        with pytest.raises(CertificateError, match=r"comes from no root|is not valid at"):
            store.own.accept(STATION, bad, NOON, "SN-1")
    store.own.accept(STATION, old_leaf(csr, sub) + sub.pem, NOON, "SN-1")
    assert store.station_identity(NOON) is not None


def test_a_chain_without_an_installed_root_is_refused() -> None:
    store = make()
    csr = store.own.request(STATION, SUBJECT)
    with pytest.raises(CertificateError, match="no root is installed"):
        store.own.accept(STATION, ROOT.sign(csr).chain_pem, NOON)


def test_the_newest_valid_certificate_is_in_force_from_its_beginning() -> None:
    store = make()
    old = store.own.accept(STATION, signed_in(store), NOON)
    new = store.own.accept(STATION, signed_in(store, begins=5), NOON)
    assert store.own.current(STATION, NOON) is old
    assert store.own.next_change(STATION, NOON) == days(5)
    assert store.own.current(STATION, days(6)) is new
    assert store.own.next_change(STATION, days(6)) is None


def test_an_old_certificate_is_kept_for_a_month_as_a_way_back() -> None:
    store = make()
    old = store.own.accept(STATION, signed_in(store, begins=-40), NOON)
    new = store.own.accept(STATION, signed_in(store), NOON)
    store.own.retire(STATION, days(20))
    assert list(store.own) == [old, new]
    store.own.discard(new)
    assert store.own.current(STATION, NOON) is old
    new = store.own.accept(STATION, signed_in(store), NOON)
    store.own.retire(STATION, days(31))
    assert list(store.own) == [new]


def test_renewal_comes_a_month_before_the_end_of_the_last_one() -> None:
    store = make()
    assert store.own.renewal(STATION, NOON) is None
    store.own.accept(STATION, signed_in(store, ends=100), NOON)
    assert store.own.renewal(STATION, NOON) == days(70)


def test_the_stations_own_certificate_is_neither_listed_nor_deleted() -> None:
    store = make()
    identity = store.own.accept(STATION, signed_in(store), NOON)
    assert [one.use for one in store.installed()] == ["CSMSRootCertificate"]
    assert store.delete(hash_data(identity.leaf, ROOT.certificate)) is DeleteStatus.FAILED


def test_a_v2g_chain_is_listed_with_its_sub_cas_and_can_be_deleted() -> None:
    store = make()
    store.roots.install(RootUse.V2G, ROOT.pem, NOON)
    sub = ROOT.under("sub 1").under("sub 2")
    csr = store.own.request(OwnUse.V2G, SUBJECT)
    identity = store.own.accept(OwnUse.V2G, sub.sign(csr).chain_pem, NOON)
    (entry,) = store.installed(["V2GCertificateChain"])
    assert entry.hash == hash_data(identity.leaf, sub.certificate)
    assert entry.children[-1] == hash_data(identity.chain[-1], ROOT.certificate)
    assert len(entry.children) == 2
    assert store.delete(entry.hash) is DeleteStatus.ACCEPTED
    assert store.own.current(OwnUse.V2G, NOON) is None


# --- the folder ---


def test_keys_on_the_disk_are_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    store = make(DirectoryVault(folder))
    store.own.accept(STATION, signed_in(store), NOON)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".pem", ".key"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_write_that_was_cut_short_leaves_the_old_content(tmp_path: Path) -> None:
    vault = DirectoryVault(tmp_path)
    vault.write("folder/one", b"old")
    (tmp_path / "folder" / ".one").write_bytes(b"ne")
    assert (vault.names("folder"), vault.read("folder/one")) == (["folder/one"], b"old")
    vault.write("folder/one", b"new")
    assert vault.read("folder/one") == b"new"


def test_damaged_files_are_named_and_left_out() -> None:
    vault = MemoryVault()
    store = make(vault)
    identity = store.own.accept(STATION, signed_in(store), NOON)
    vault.write("CSMSRootCertificate/x.pem", b"\xff")
    vault.write(f"{identity.name}.key", make_other_key())
    again = make(vault)
    assert again.damaged == ("CSMSRootCertificate/x.pem", f"{identity.name}.pem")
    assert again.own.current(STATION, NOON) is None


def make_other_key() -> bytes:
    return new_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


# --- firmware ---

IMAGE = b"firmware" * 100
DIGEST = hashlib.sha256(IMAGE).digest()


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("salt", [padding.PSS.MAX_LENGTH, 32])
def test_a_firmware_signed_with_rsa_pss_is_known(salt: int) -> None:
    key = rsa_key()
    signer = ROOT.issue("maker", key=key)
    raw = key.sign(IMAGE, padding.PSS(padding.MGF1(hashes.SHA256()), salt), hashes.SHA256())
    signature = base64.b64encode(raw).decode()
    assert is_signed(DIGEST, signature, signer.pem)
    assert not is_signed(hashlib.sha256(b"other").digest(), signature, signer.pem)
    assert not is_signed(DIGEST, signature, ROOT.issue("maker", key=rsa_key()).pem)


def test_a_firmware_signed_with_ecdsa_is_known() -> None:
    key = new_key()
    signer = ROOT.issue("maker", key=key)
    signature = base64.b64encode(key.sign(IMAGE, ec.ECDSA(hashes.SHA256()))).decode()
    assert is_signed(DIGEST, signature, signer.pem)
    for wrong in (signature[:-8], "", "no base 64!", base64.b64encode(b"x" * 64).decode()):
        assert not is_signed(DIGEST, wrong, signer.pem)
    assert not is_signed(b"short", signature, signer.pem)


def test_a_signing_certificate_must_come_from_a_root_of_the_manufacturer() -> None:
    store = make()
    store.roots.install(RootUse.CSMS, ROOT.pem, NOON)
    signer = ROOT.issue("maker")
    with pytest.raises(CertificateError, match="no root is installed"):
        check_signing_certificate(signer.pem, store.roots, NOON)
    store.roots.install(RootUse.MANUFACTURER, OTHER.pem, NOON)
    for bad in (signer.pem, "x", OTHER.issue("late", days=-1).pem):
        with pytest.raises(CertificateError):
            check_signing_certificate(bad, store.roots, NOON)
    check_signing_certificate(OTHER.issue("maker").pem, store.roots, NOON)


# --- hostile input ---

SOUND = ROOT.issue("sound", responder="http://x/").pem


@given(st.text(max_size=200))
def test_any_text_is_a_chain_or_a_decode_error(text: str) -> None:
    with pytest.raises(DecodeError):
        read_chain(text)


@given(st.integers(0, len(SOUND) // 4 * 3 - 60), st.integers(1, 255))
def test_any_changed_byte_is_refused_without_a_crash(position: int, change: int) -> None:
    body = bytearray(base64.b64decode("".join(SOUND.splitlines()[1:-1])))
    body[position % len(body)] ^= change
    pem = f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(body).decode()}\n-----END CERTIFICATE-----\n"
    store = make()
    store.roots.install(RootUse.MANUFACTURER, ROOT.pem, NOON)
    assert store.roots.install(RootUse.CSMS, pem, NOON).status is InstallStatus.REJECTED
    with pytest.raises(CertificateError):
        check_signing_certificate(pem, store.roots, NOON)


def test_a_name_of_the_subject_is_left_out_where_there_is_none() -> None:
    subject = Subject(common_name="SECC1", organization="CPO", country="NL", domain="CPO")
    csr = x509.load_pem_x509_csr(make().own.request(OwnUse.V2G, subject).encode())
    assert csr.subject.get_attributes_for_oid(NameOID.DOMAIN_COMPONENT)[0].value == "CPO"
    assert csr.subject.get_attributes_for_oid(NameOID.COUNTRY_NAME)[0].value == "NL"
