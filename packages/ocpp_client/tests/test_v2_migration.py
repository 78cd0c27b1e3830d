"""Cases of block B about the way to the back end: other back ends, ways back, reconnection."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from evproto.ocpp_client.bridge import Restart
from evproto.ocpp_client.bridge_security import Linked, UseNetwork
from evproto.ocpp_client.certificates import CertificateStore, MemoryVault, RootUse, new_key
from evproto.ocpp_client.certificates.hash_data import HashAlgorithm, hash_data
from evproto.ocpp_client.certificates.testing import Authority
from evproto.ocpp_client.connectivity import Connect, Connectivity
from evproto.ocpp_client.network_profile import NetworkProfile, SecurityProfile
from evproto.ocpp_client.testing import NOON, Bench2
from evproto.ocpp_client.v201 import datatypes as d
from evproto.ocpp_client.v201 import enums as e
from evproto.ocpp_client.v201 import messages as m

OLD = Authority("operator", NOON)
NEW = OLD.under("new operator")
WAIT = 30.0


class Roads(Bench2):
    """A station that connects by itself, to whichever of its back ends takes it.

    `dead`: hosts that refuse. `shows`: by host, whose certificate the back end there has.
    `attempts`: when, at which host.
    """

    def __init__(self, scheme: str = "ws", **settings: Any) -> None:
        self.dead: set[str] = set()
        self.shows: dict[str, Authority] = {}
        self.attempts: list[tuple[float, str]] = []
        self.certificates = CertificateStore(MemoryVault(), new_key, signed_by_the_old=True)
        self.certificates.roots.install(RootUse.CSMS, OLD.pem, NOON)
        security = SecurityProfile.BASIC_AUTH if scheme == "ws" else SecurityProfile.TLS_BASIC_AUTH
        profile = NetworkProfile(
            url=f"{scheme}://first/ocpp",
            identity="CS1",
            security=security,
            password="password-of-sixteen",
            from_store=True,
        )
        quiet = {
            "OCPPCommCtrlr.RetryBackOffWaitMinimum": int(WAIT),
            "OCPPCommCtrlr.RetryBackOffRandomRange": 0,
        }
        super().__init__(
            settings=quiet | {name.replace("__", "."): value for name, value in settings.items()},
            parts={"profile": profile, "certificates": self.certificates},
        )

    def make_station(self) -> None:
        super().make_station()
        network = self.station.network
        self.profiles = dict(network.profiles)
        self.road = Connectivity(
            network.order, lambda: 0.5, back_off=network.back_off, last_good=network.last_good
        )
        self.road.start(self.now)

    def run(self, seconds: float) -> None:
        """Let time pass, for the connection too."""
        end = self.now + seconds
        while (due := self.road.deadline) is not None and due <= end:
            super().run(max(due - self.now, 0.0))
            self.road.advance(self.now)
            self.pump()
        super().run(end - self.now)

    def lose(self) -> None:
        """The back end closes the connection."""
        self.attempts.clear()
        self.offline()
        self.road.disconnected("closed", self.now)
        self.pump()

    def restart(self) -> None:
        """The reboot that was asked for."""
        assert self.told(Restart)
        self.forget()
        self.attempts.clear()
        self.power_cycle(online=False)

    @property
    def hosts(self) -> list[str]:
        return [host for _, host in self.attempts]

    def _pump_once(self) -> bool:
        busy = super()._pump_once()
        for network in self.told(UseNetwork):
            self.events.remove(network)
            self.profiles |= network.profiles
            self.road.set_slots(network.order, self.now)
            self.road.set_back_off(network.back_off)
        while (output := self.road.next_output()) is not None:
            busy = True
            if isinstance(output, Connect):
                self._connect(output)
        return busy

    def _connect(self, wanted: Connect) -> None:
        host = self.profiles[wanted.slot].url.split("/")[2]
        self.attempts.append((self.now, host))
        path = self._verify(host, wanted.fallback)
        if host in self.dead or path is None:
            self.road.disconnected("refused", self.now)
            return
        self.linked = True
        self.road.connected(self.now)
        self.station.tell(Linked(wanted.slot, path), self.now)
        self.csms.connected(self.now)
        self.station.connected(self.now)

    def _verify(self, host: str, fallback: bool) -> tuple[bytes, ...] | None:
        """As TLS would: over a root that is trusted now."""
        shown = self.shows.get(host)
        if shown is None:
            return ()
        if shown.certificate not in self.certificates.roots.csms(fallback=fallback):
            return None
        path = (shown.issue("csms").certificate, shown.certificate)
        return tuple(one.public_bytes(serialization.Encoding.DER) for one in path)


def booted(bench: Roads, *, waits: float = 1.0) -> Roads:
    bench.pump()
    bench.run(waits)
    assert bench.said(m.BootNotificationRequest)
    assert {bench.statuses(evse_id)[0] for evse_id in (1, 2)} == {"Available"}
    return bench


def migrate(bench: Roads, order: str, host: str = "second", scheme: str = "ws") -> None:
    """Steps 1 to 6 of the cases: a profile in slot 2, the priority, the reset."""
    bench.forget()
    data = d.NetworkConnectionProfile(
        ocpp_version=e.OCPPVersionEnum.OCPP20,
        ocpp_transport=e.OCPPTransportEnum.JSON,
        ocpp_csms_url=f"{scheme}://{host}/ocpp",
        message_timeout=30,
        security_profile=2 if scheme == "wss" else 1,
        ocpp_interface=e.OCPPInterfaceEnum.WIRED0,
    )
    answer = bench.call(m.SetNetworkProfileRequest(configuration_slot=2, connection_data=data))
    assert answer.status is e.SetNetworkProfileStatusEnum.ACCEPTED
    wanted = d.SetVariableData(
        attribute_value=order,
        component=d.Component(name="OCPPCommCtrlr"),
        variable=d.Variable(name="NetworkConfigurationPriority"),
    )
    (result,) = bench.call(m.SetVariablesRequest(set_variable_data=(wanted,))).set_variable_result
    assert result.attribute_status is e.SetVariableStatusEnum.REBOOT_REQUIRED
    answer = bench.call(m.ResetRequest(type=e.ResetEnum.ON_IDLE))
    assert answer.status is e.ResetStatusEnum.ACCEPTED
    bench.restart()


def active(bench: Roads) -> str:
    wanted = d.GetVariableData(
        component=d.Component(name="OCPPCommCtrlr"), variable=d.Variable(name="ActiveNetworkProfile")
    )
    (result,) = bench.call(m.GetVariablesRequest(get_variable_data=(wanted,))).get_variable_result
    return str(result.attribute_value)


def csms_roots(bench: Roads) -> list[str]:
    """The serial numbers of the roots that GetInstalledCertificateIds lists."""
    use = e.GetCertificateIdUseEnum.CSMS_ROOT_CERTIFICATE
    answer = bench.call(m.GetInstalledCertificateIdsRequest(certificate_type=(use,)))
    assert answer.status is e.GetInstalledCertificateStatusEnum.ACCEPTED
    return [one.certificate_hash_data.serial_number for one in answer.certificate_hash_data_chain]


def serial(authority: Authority) -> str:
    return hash_data(authority.certificate, OLD.certificate, HashAlgorithm.SHA256).serial_number


def test_tc_b_45_cs_the_station_migrates_to_another_back_end() -> None:
    bench = booted(Roads())
    migrate(bench, "2,1")
    booted(bench)
    assert bench.hosts == ["second"]
    assert active(bench) == "2"


def test_tc_b_46_cs_a_back_end_that_does_not_answer_is_left_for_the_next() -> None:
    bench = booted(Roads(OCPPCommCtrlr__NetworkProfileConnectionAttempts=2))
    bench.dead.add("nowhere")
    migrate(bench, "2,1", "nowhere")
    booted(bench, waits=10 * WAIT)
    assert bench.hosts == ["nowhere", "nowhere", "first"]
    assert active(bench) == "1"


def test_tc_b_47_cs_the_way_back_goes_with_the_root_of_before() -> None:
    bench = booted(Roads("wss", OCPPCommCtrlr__NetworkProfileConnectionAttempts=1))
    bench.shows |= {"first": OLD, "second": OLD}
    install_new_root(bench)
    migrate(bench, "2", scheme="wss")
    booted(bench, waits=10 * WAIT)
    assert bench.hosts == ["second", "first"]
    assert serial(OLD) in csms_roots(bench)


def test_tc_b_50_cs_a_back_end_with_the_new_root_makes_the_old_one_needless() -> None:
    bench = booted(Roads("wss"))
    bench.shows |= {"first": OLD, "second": NEW}
    install_new_root(bench)
    migrate(bench, "2", scheme="wss")
    booted(bench)
    assert bench.hosts == ["second"]
    assert csms_roots(bench) == [serial(NEW)]


def install_new_root(bench: Roads) -> None:
    """State CertificateInstalled."""
    use = e.InstallCertificateUseEnum.CSMS_ROOT_CERTIFICATE
    answer = bench.call(m.InstallCertificateRequest(certificate_type=use, certificate=NEW.pem))
    assert answer.status is e.InstallCertificateStatusEnum.ACCEPTED


def test_tc_b_49_cs_the_way_back_is_tried_again_after_the_wait() -> None:
    bench = booted(
        Roads(
            OCPPCommCtrlr__NetworkProfileConnectionAttempts=1,
            OCPPCommCtrlr__RetryBackOffRepeatTimes=0,
        )
    )
    bench.dead |= {"second", "first"}
    migrate(bench, "2")
    bench.run(1.5 * WAIT)
    assert bench.hosts == ["second", "first"]
    bench.dead.remove("first")
    booted(bench, waits=WAIT)
    assert bench.hosts == ["second", "first", "first"]
    times = [at for at, _ in bench.attempts]
    assert times[2] - times[1] == pytest.approx(WAIT)


def test_tc_b_57_cs_reconnection_waits_longer_after_each_failure() -> None:
    bench = booted(Roads(OCPPCommCtrlr__RetryBackOffRepeatTimes=2))
    lost = bench.now
    bench.lose()
    bench.run(WAIT + 1.0)
    assert [at - lost for at, _ in bench.attempts] == [WAIT]
    assert bench.linked
    lost = bench.now
    bench.lose()
    bench.dead.add("first")
    bench.run(WAIT + 1.0)
    bench.dead.clear()
    bench.run(2 * WAIT)
    assert [at - lost for at, _ in bench.attempts] == [WAIT, 3 * WAIT]
    assert bench.linked
    assert len(bench.said(m.BootNotificationRequest)) == 1


def test_a_new_back_off_of_the_back_end_holds_at_the_next_loss() -> None:
    bench = booted(Roads())
    bench.set("OCPPCommCtrlr.RetryBackOffWaitMinimum", 7)
    lost = bench.now
    bench.lose()
    bench.run(8.0)
    assert [at - lost for at, _ in bench.attempts] == [7.0]
