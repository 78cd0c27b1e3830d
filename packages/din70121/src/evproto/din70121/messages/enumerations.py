"""Enumerations of DIN SPEC 70121, in the order of V2G_CI_MsgDataTypes; a value is the lexical one."""

import enum

from .namespaces import MSG_DATA_TYPES


@MSG_DATA_TYPES.enumeration("EVSEProcessingType")
class EVSEProcessing(enum.Enum):
    """Whether the SECC has finished what the EVCC asked for, or has to be asked again."""

    FINISHED = "Finished"
    ONGOING = "Ongoing"


@MSG_DATA_TYPES.enumeration("EVSENotificationType")
class EVSENotification(enum.Enum):
    """What the SECC wants the EVCC to do within NotificationMaxDelay."""

    NONE = "None"
    STOP_CHARGING = "StopCharging"
    RE_NEGOTIATION = "ReNegotiation"


@MSG_DATA_TYPES.enumeration("serviceCategoryType")
class ServiceCategory(enum.Enum):
    """The kind of a service; only charging is in scope."""

    EV_CHARGING = "EVCharging"
    INTERNET = "Internet"
    CONTRACT_CERTIFICATE = "ContractCertificate"
    OTHER_CUSTOM = "OtherCustom"


@MSG_DATA_TYPES.enumeration("EVSESupportedEnergyTransferType")
class EVSESupportedEnergyTransfer(enum.Enum):
    """The energy transfer that a charging point can do."""

    AC_SINGLE_PHASE_CORE = "AC_single_phase_core"
    AC_THREE_PHASE_CORE = "AC_three_phase_core"
    DC_CORE = "DC_core"
    DC_EXTENDED = "DC_extended"
    DC_COMBO_CORE = "DC_combo_core"
    DC_DUAL = "DC_dual"
    AC_CORE1P_DC_EXTENDED = "AC_core1p_DC_extended"
    AC_SINGLE_DC_CORE = "AC_single_DC_core"
    AC_SINGLE_PHASE_THREE_PHASE_CORE_DC_EXTENDED = "AC_single_phase_three_phase_core_DC_extended"
    AC_CORE3P_DC_EXTENDED = "AC_core3p_DC_extended"


@MSG_DATA_TYPES.enumeration("EVRequestedEnergyTransferType")
class EVRequestedEnergyTransfer(enum.Enum):
    """The energy transfer that a vehicle asks for."""

    AC_SINGLE_PHASE_CORE = "AC_single_phase_core"
    AC_THREE_PHASE_CORE = "AC_three_phase_core"
    DC_CORE = "DC_core"
    DC_EXTENDED = "DC_extended"
    DC_COMBO_CORE = "DC_combo_core"
    DC_UNIQUE = "DC_unique"


@MSG_DATA_TYPES.enumeration("costKindType")
class CostKind(enum.Enum):
    """What a cost counts."""

    RELATIVE_PRICE_PERCENTAGE = "relativePricePercentage"
    RENEWABLE_GENERATION_PERCENTAGE = "RenewableGenerationPercentage"
    CARBON_DIOXIDE_EMISSION = "CarbonDioxideEmission"


@MSG_DATA_TYPES.enumeration("paymentOptionType")
class PaymentOption(enum.Enum):
    """Who shows that the user may charge; only external payment is in scope."""

    CONTRACT = "Contract"
    EXTERNAL_PAYMENT = "ExternalPayment"


@MSG_DATA_TYPES.enumeration("faultCodeType")
class FaultCode(enum.Enum):
    """A fault that a header reports."""

    PARSING_ERROR = "ParsingError"
    NO_TLS_ROOT_CERTIFICAT_AVAILABLE = "NoTLSRootCertificatAvailable"
    UNKNOWN_ERROR = "UnknownError"


@MSG_DATA_TYPES.enumeration("responseCodeType")
class ResponseCode(enum.Enum):
    """How a request was answered."""

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
    FAILED_EVSE_PRESENT_VOLTAGE_TO_LOW = "FAILED_EVSEPresentVoltageToLow"
    FAILED_METERING_SIGNATURE_NOT_VALID = "FAILED_MeteringSignatureNotValid"
    FAILED_WRONG_ENERGY_TRANSFER_TYPE = "FAILED_WrongEnergyTransferType"


@MSG_DATA_TYPES.enumeration("unitSymbolType")
class UnitSymbol(enum.Enum):
    """The unit of a physical value; `M` is a minute."""

    H = "h"
    M = "m"
    S = "s"
    A = "A"
    AH = "Ah"
    V = "V"
    VA = "VA"
    W = "W"
    W_S = "W/s"
    WH = "Wh"


@MSG_DATA_TYPES.enumeration("valueType")
class ValueType(enum.Enum):
    """Which of its values a parameter carries."""

    BOOL = "bool"
    BYTE = "byte"
    SHORT = "short"
    INT = "int"
    PHYSICAL_VALUE = "physicalValue"
    STRING = "string"


@MSG_DATA_TYPES.enumeration("DC_EVSEStatusCodeType")
class DCEVSEStatusCode(enum.Enum):
    """How a DC charger feels."""

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
    """The finding of the isolation monitor."""

    INVALID = "Invalid"
    VALID = "Valid"
    WARNING = "Warning"
    FAULT = "Fault"


@MSG_DATA_TYPES.enumeration("DC_EVErrorCodeType")
class DCEVErrorCode(enum.Enum):
    """What a vehicle complains of."""

    NO_ERROR = "NO_ERROR"
    FAILED_RESS_TEMPERATURE_INHIBIT = "FAILED_RESSTemperatureInhibit"
    FAILED_EV_SHIFT_POSITION = "FAILED_EVShiftPosition"
    FAILED_CHARGER_CONNECTOR_LOCK_FAULT = "FAILED_ChargerConnectorLockFault"
    FAILED_EVRESS_MALFUNCTION = "FAILED_EVRESSMalfunction"
    FAILED_CHARGING_CURRENTDIFFERENTIAL = "FAILED_ChargingCurrentdifferential"
    FAILED_CHARGING_VOLTAGE_OUT_OF_RANGE = "FAILED_ChargingVoltageOutOfRange"
    RESERVED_A = "Reserved_A"
    RESERVED_B = "Reserved_B"
    RESERVED_C = "Reserved_C"
    FAILED_CHARGING_SYSTEM_INCOMPATIBILITY = "FAILED_ChargingSystemIncompatibility"
    NO_DATA = "NoData"
