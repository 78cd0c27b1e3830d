"""Enumerations of ISO 15118-2, in the order of V2G_CI_MsgDataTypes; a value is the lexical one."""

import enum

from .namespaces import MSG_DATA_TYPES


@MSG_DATA_TYPES.enumeration("EVSEProcessingType")
class EVSEProcessing(enum.Enum):
    """Whether the SECC has finished what the EVCC asked for, or has to be asked again."""

    FINISHED = "Finished"
    ONGOING = "Ongoing"
    ONGOING_WAITING_FOR_CUSTOMER_INTERACTION = "Ongoing_WaitingForCustomerInteraction"


@MSG_DATA_TYPES.enumeration("EVSENotificationType")
class EVSENotification(enum.Enum):
    """What the SECC wants the EVCC to do within NotificationMaxDelay."""

    NONE = "None"
    STOP_CHARGING = "StopCharging"
    RE_NEGOTIATION = "ReNegotiation"


@MSG_DATA_TYPES.enumeration("chargeProgressType")
class ChargeProgress(enum.Enum):
    """What a PowerDeliveryReq asks for."""

    START = "Start"
    STOP = "Stop"
    RENEGOTIATE = "Renegotiate"


@MSG_DATA_TYPES.enumeration("chargingSessionType")
class ChargingSession(enum.Enum):
    """Whether a SessionStopReq ends the session or only pauses it."""

    TERMINATE = "Terminate"
    PAUSE = "Pause"


@MSG_DATA_TYPES.enumeration("serviceCategoryType")
class ServiceCategory(enum.Enum):
    """The kind of a service."""

    EV_CHARGING = "EVCharging"
    INTERNET = "Internet"
    CONTRACT_CERTIFICATE = "ContractCertificate"
    OTHER_CUSTOM = "OtherCustom"


@MSG_DATA_TYPES.enumeration("EnergyTransferModeType")
class EnergyTransferMode(enum.Enum):
    """The way of charging: number of phases, or the pins of the DC connector."""

    AC_SINGLE_PHASE_CORE = "AC_single_phase_core"
    AC_THREE_PHASE_CORE = "AC_three_phase_core"
    DC_CORE = "DC_core"
    DC_EXTENDED = "DC_extended"
    DC_COMBO_CORE = "DC_combo_core"
    DC_UNIQUE = "DC_unique"


@MSG_DATA_TYPES.enumeration("costKindType")
class CostKind(enum.Enum):
    """What the amount of a cost counts."""

    RELATIVE_PRICE_PERCENTAGE = "relativePricePercentage"
    RENEWABLE_GENERATION_PERCENTAGE = "RenewableGenerationPercentage"
    CARBON_DIOXIDE_EMISSION = "CarbonDioxideEmission"


@MSG_DATA_TYPES.enumeration("paymentOptionType")
class PaymentOption(enum.Enum):
    """Who identifies the customer: the vehicle by contract, or something outside it."""

    CONTRACT = "Contract"
    EXTERNAL_PAYMENT = "ExternalPayment"


@MSG_DATA_TYPES.enumeration("faultCodeType")
class FaultCode(enum.Enum):
    """Fault that a header reports."""

    PARSING_ERROR = "ParsingError"
    NO_TLS_ROOT_CERTIFICAT_AVAILABLE = "NoTLSRootCertificatAvailable"
    UNKNOWN_ERROR = "UnknownError"


@MSG_DATA_TYPES.enumeration("responseCodeType")
class ResponseCode(enum.Enum):
    """Outcome of a request; all that begin with FAILED end the session."""

    OK = "OK"
    OK_NEW_SESSION_ESTABLISHED = "OK_NewSessionEstablished"
    OK_OLD_SESSION_JOINED = "OK_OldSessionJoined"
    OK_CERTIFICATE_EXPIRES_SOON = "OK_CertificateExpiresSoon"
    FAILED = "FAILED"
    FAILED_SEQUENCE_ERROR = "FAILED_SequenceError"
    FAILED_SERVICE_ID_INVALID = "FAILED_ServiceIDInvalid"
    FAILED_UNKNOWN_SESSION = "FAILED_UnknownSession"
    FAILED_SERVICE_SELECTION_INVALID = "FAILED_ServiceSelectionInvalid"
    FAILED_PAYMENT_SELECTION_INVALID = "FAILED_PaymentSelectionInvalid"
    FAILED_CERTIFICATE_EXPIRED = "FAILED_CertificateExpired"
    FAILED_SIGNATURE_ERROR = "FAILED_SignatureError"
    FAILED_NO_CERTIFICATE_AVAILABLE = "FAILED_NoCertificateAvailable"
    FAILED_CERT_CHAIN_ERROR = "FAILED_CertChainError"
    FAILED_CHALLENGE_INVALID = "FAILED_ChallengeInvalid"
    FAILED_CONTRACT_CANCELED = "FAILED_ContractCanceled"
    FAILED_WRONG_CHARGE_PARAMETER = "FAILED_WrongChargeParameter"
    FAILED_POWER_DELIVERY_NOT_APPLIED = "FAILED_PowerDeliveryNotApplied"
    FAILED_TARIFF_SELECTION_INVALID = "FAILED_TariffSelectionInvalid"
    FAILED_CHARGING_PROFILE_INVALID = "FAILED_ChargingProfileInvalid"
    FAILED_METERING_SIGNATURE_NOT_VALID = "FAILED_MeteringSignatureNotValid"
    FAILED_NO_CHARGE_SERVICE_SELECTED = "FAILED_NoChargeServiceSelected"
    FAILED_WRONG_ENERGY_TRANSFER_MODE = "FAILED_WrongEnergyTransferMode"
    FAILED_CONTACTOR_ERROR = "FAILED_ContactorError"
    FAILED_CERTIFICATE_NOT_ALLOWED_AT_THIS_EVSE = "FAILED_CertificateNotAllowedAtThisEVSE"
    FAILED_CERTIFICATE_REVOKED = "FAILED_CertificateRevoked"


@MSG_DATA_TYPES.enumeration("unitSymbolType")
class UnitSymbol(enum.Enum):
    """Unit of a physical value."""

    H = "h"
    M = "m"
    S = "s"
    A = "A"
    V = "V"
    W = "W"
    WH = "Wh"


@MSG_DATA_TYPES.enumeration("DC_EVSEStatusCodeType")
class DCEVSEStatusCode(enum.Enum):
    """Inner state of a DC charger."""

    EVSE_NOT_READY = "EVSE_NotReady"
    EVSE_READY = "EVSE_Ready"
    EVSE_SHUTDOWN = "EVSE_Shutdown"
    EVSE_UTILITY_INTERRUPT_EVENT = "EVSE_UtilityInterruptEvent"
    EVSE_ISOLATION_MONITORING_ACTIVE = "EVSE_IsolationMonitoringActive"
    EVSE_EMERGENCY_SHUTDOWN = "EVSE_EmergencyShutdown"
    EVSE_MALFUNCTION = "EVSE_Malfunction"
    RESERVED_8 = "Reserved_8"
    RESERVED_9 = "Reserved_9"
    RESERVED_A = "Reserved_A"
    RESERVED_B = "Reserved_B"
    RESERVED_C = "Reserved_C"


@MSG_DATA_TYPES.enumeration("isolationLevelType")
class IsolationLevel(enum.Enum):
    """Result of isolation monitoring."""

    INVALID = "Invalid"
    VALID = "Valid"
    WARNING = "Warning"
    FAULT = "Fault"
    NO_IMD = "No_IMD"


@MSG_DATA_TYPES.enumeration("DC_EVErrorCodeType")
class DCEVErrorCode(enum.Enum):
    """Error of a DC vehicle."""

    NO_ERROR = "NO_ERROR"
    FAILED_RESS_TEMPERATURE_INHIBIT = "FAILED_RESSTemperatureInhibit"
    FAILED_EV_SHIFT_POSITION = "FAILED_EVShiftPosition"
    FAILED_CHARGER_CONNECTOR_LOCK_FAULT = "FAILED_ChargerConnectorLockFault"
    FAILED_EV_RESS_MALFUNCTION = "FAILED_EVRESSMalfunction"
    FAILED_CHARGING_CURRENTDIFFERENTIAL = "FAILED_ChargingCurrentdifferential"
    FAILED_CHARGING_VOLTAGE_OUT_OF_RANGE = "FAILED_ChargingVoltageOutOfRange"
    RESERVED_A = "Reserved_A"
    RESERVED_B = "Reserved_B"
    RESERVED_C = "Reserved_C"
    FAILED_CHARGING_SYSTEM_INCOMPATIBILITY = "FAILED_ChargingSystemIncompatibility"
    NO_DATA = "NoData"


@MSG_DATA_TYPES.enumeration("valueType")
class ValueKind(enum.Enum):
    """The kinds of value of a service parameter; no message holds it."""

    BOOL = "bool"
    BYTE = "byte"
    SHORT = "short"
    INT = "int"
    PHYSICAL_VALUE = "physicalValue"
    STRING = "string"


MSG_DATA_TYPES.declare(ValueKind)
