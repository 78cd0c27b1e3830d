"""Messages of DIN SPEC 70121 from session setup to authentication."""

from __future__ import annotations

from evproto.exi import attribute, element
from evproto.exi.types import Long

from .certificates import CertificateChain
from .enumerations import EVSEProcessing, PaymentOption, ResponseCode, ServiceCategory
from .namespaces import MSG_BODY, BodyElement
from .services import PaymentOptions, SelectedServiceList, ServiceCharge, ServiceParameterList, ServiceTagList
from .simple_types import ContractID, EvccID, EvseID, GenChallenge, ServiceID, ServiceScope
from .xml_types import IDRef


class SessionSetupReq(BodyElement, namespace=MSG_BODY, element="SessionSetupReq"):
    """Begins a session."""

    evcc_id: EvccID = element("EVCCID")


class SessionSetupRes(BodyElement, namespace=MSG_BODY, element="SessionSetupRes"):
    """Opens the session; `date_time_now` in seconds since 1970 UTC."""

    response_code: ResponseCode = element("ResponseCode")
    evse_id: EvseID = element("EVSEID")
    date_time_now: Long | None = element("DateTimeNow", default=None)


class ServiceDiscoveryReq(BodyElement, namespace=MSG_BODY, element="ServiceDiscoveryReq"):
    """Asks what is on offer."""

    service_scope: ServiceScope | None = element("ServiceScope", default=None)
    service_category: ServiceCategory | None = element("ServiceCategory", default=None)


class ServiceDiscoveryRes(BodyElement, namespace=MSG_BODY, element="ServiceDiscoveryRes"):
    """Names the ways of payment and the services."""

    response_code: ResponseCode = element("ResponseCode")
    payment_options: PaymentOptions = element("PaymentOptions")
    charge_service: ServiceCharge = element("ChargeService")
    service_list: ServiceTagList | None = element("ServiceList", default=None)


class ServiceDetailReq(BodyElement, namespace=MSG_BODY, element="ServiceDetailReq"):
    """Asks for the parameters of one service."""

    service_id: ServiceID = element("ServiceID")


class ServiceDetailRes(BodyElement, namespace=MSG_BODY, element="ServiceDetailRes"):
    """Gives the parameters of one service."""

    response_code: ResponseCode = element("ResponseCode")
    service_id: ServiceID = element("ServiceID")
    service_parameter_list: ServiceParameterList | None = element("ServiceParameterList", default=None)


class ServicePaymentSelectionReq(BodyElement, namespace=MSG_BODY, element="ServicePaymentSelectionReq"):
    """Chooses the payment and the services."""

    selected_payment_option: PaymentOption = element("SelectedPaymentOption")
    selected_service_list: SelectedServiceList = element("SelectedServiceList")


class ServicePaymentSelectionRes(BodyElement, namespace=MSG_BODY, element="ServicePaymentSelectionRes"):
    """Answers the choice."""

    response_code: ResponseCode = element("ResponseCode")


class PaymentDetailsReq(BodyElement, namespace=MSG_BODY, element="PaymentDetailsReq"):
    """Presents a contract; out of scope."""

    contract_id: ContractID = element("ContractID")
    contract_signature_cert_chain: CertificateChain = element("ContractSignatureCertChain")


class PaymentDetailsRes(BodyElement, namespace=MSG_BODY, element="PaymentDetailsRes"):
    """Challenges the contract; out of scope."""

    response_code: ResponseCode = element("ResponseCode")
    gen_challenge: GenChallenge = element("GenChallenge")
    date_time_now: Long = element("DateTimeNow")


class ContractAuthenticationReq(BodyElement, namespace=MSG_BODY, element="ContractAuthenticationReq"):
    """Asks whether charging is authorized."""

    id: IDRef | None = attribute("Id", default=None)
    gen_challenge: GenChallenge | None = element("GenChallenge", default=None)


class ContractAuthenticationRes(BodyElement, namespace=MSG_BODY, element="ContractAuthenticationRes"):
    """Says whether authorization is done."""

    response_code: ResponseCode = element("ResponseCode")
    evse_processing: EVSEProcessing = element("EVSEProcessing")
