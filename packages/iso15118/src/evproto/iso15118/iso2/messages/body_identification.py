"""Messages of ISO 15118-2 from session setup to authorization (8.4.3.2 to 8.4.3.7)."""

from __future__ import annotations

from evproto.exi import attribute, element
from evproto.exi.types import ID, Long

from .certificates import CertificateChain
from .enumerations import EVSEProcessing, PaymentOption, ResponseCode, ServiceCategory
from .namespaces import BodyElement
from .services import ChargeService, PaymentOptionList, SelectedServiceList, ServiceList, ServiceParameterList
from .simple_types import EMAIDText, EvccID, EvseID, GenChallenge, ServiceID, ServiceScope


class SessionSetupReq(BodyElement, element="SessionSetupReq"):
    """Begins a session, or resumes the paused one that the header names."""

    evcc_id: EvccID = element("EVCCID")


class SessionSetupRes(BodyElement, element="SessionSetupRes"):
    """Opens the session; `evse_time_stamp` in seconds since 1970 UTC."""

    response_code: ResponseCode = element("ResponseCode")
    evse_id: EvseID = element("EVSEID")
    evse_time_stamp: Long | None = element("EVSETimeStamp", default=None)


class ServiceDiscoveryReq(BodyElement, element="ServiceDiscoveryReq"):
    """Asks what is on offer, by scope and category if need be."""

    service_scope: ServiceScope | None = element("ServiceScope", default=None)
    service_category: ServiceCategory | None = element("ServiceCategory", default=None)


class ServiceDiscoveryRes(BodyElement, element="ServiceDiscoveryRes"):
    """Names the ways of identification and the services."""

    response_code: ResponseCode = element("ResponseCode")
    payment_option_list: PaymentOptionList = element("PaymentOptionList")
    charge_service: ChargeService = element("ChargeService")
    service_list: ServiceList | None = element("ServiceList", default=None)


class ServiceDetailReq(BodyElement, element="ServiceDetailReq"):
    """Asks for the parameters of one service."""

    service_id: ServiceID = element("ServiceID")


class ServiceDetailRes(BodyElement, element="ServiceDetailRes"):
    """Gives the parameters of one service."""

    response_code: ResponseCode = element("ResponseCode")
    service_id: ServiceID = element("ServiceID")
    service_parameter_list: ServiceParameterList | None = element("ServiceParameterList", default=None)


class PaymentServiceSelectionReq(BodyElement, element="PaymentServiceSelectionReq"):
    """Chooses the identification and the services."""

    selected_payment_option: PaymentOption = element("SelectedPaymentOption")
    selected_service_list: SelectedServiceList = element("SelectedServiceList")


class PaymentServiceSelectionRes(BodyElement, element="PaymentServiceSelectionRes"):
    """Answers the choice."""

    response_code: ResponseCode = element("ResponseCode")


class PaymentDetailsReq(BodyElement, element="PaymentDetailsReq"):
    """Presents the contract and its certificates."""

    emaid: EMAIDText = element("eMAID")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")


class PaymentDetailsRes(BodyElement, element="PaymentDetailsRes"):
    """Challenges the contract; `evse_time_stamp` in seconds since 1970 UTC."""

    response_code: ResponseCode = element("ResponseCode")
    gen_challenge: GenChallenge = element("GenChallenge")
    evse_time_stamp: Long = element("EVSETimeStamp")


class AuthorizationReq(BodyElement, element="AuthorizationReq"):
    """Asks whether charging is authorized; with a contract, signed and with the challenge."""

    id: ID | None = attribute("Id", default=None)
    gen_challenge: GenChallenge | None = element("GenChallenge", default=None)


class AuthorizationRes(BodyElement, element="AuthorizationRes"):
    """Says whether authorization is done."""

    response_code: ResponseCode = element("ResponseCode")
    evse_processing: EVSEProcessing = element("EVSEProcessing")
