import Spec

/// An activation without fields.
protocol PlainActivation: StandardActivation {
  static var function: String { get }
  init()
}

extension PlainActivation {
  public init(_ values: FieldValues) { self.init() }
  var formula: String { Self.function }

  /// The kind of an activation without fields.
  static func plain(_ name: String, _ summary: String) -> Kind {
    Kind(name, summary: summary, formula: "y = \(function)", example: name, table: FieldTable([]))
  }
}

/// sigmoid: the logistic function.
public struct Sigmoid: PlainActivation {
  static let function = "sigmoid(x)"
  public static let kind = plain("sigmoid", "The logistic function 1 / (1 + exp(-x)).")
}

/// tanh: hyperbolic tangent.
public struct Tanh: PlainActivation {
  static let function = "tanh(x)"
  public static let kind = plain("tanh", "The hyperbolic tangent.")
}

/// softsign: Bergstra et al. 2009.
public struct Softsign: PlainActivation {
  static let function = "x / (1 + abs(x))"
  public static let kind = plain("softsign", "A sigmoid that approaches its ends slowly.")
}

/// log_sigmoid: the logarithm of the logistic function.
public struct LogSigmoid: PlainActivation {
  static let function = "-softplus(-x)"
  public static let kind = plain("log_sigmoid", "The logarithm of the logistic function.")
}

/// mish: Misra 2019.
public struct Mish: PlainActivation {
  static let function = "x * tanh(softplus(x))"
  public static let kind = plain("mish", "A smooth activation that is not monotonic.")
}

/// softplus: a smooth relu; Dugas et al. 2001.
public struct Softplus: StandardActivation {
  private static let function = "x if beta * x > threshold else softplus(beta * x) / beta"
  public static let kind = Kind(
    "softplus", summary: "A smooth form of relu.", formula: "y = \(function), where softplus(z) = log(1 + exp(z))",
    example: "softplus",
    table: FieldTable([
      numberField("beta", 1, min: 0, exclusiveMin: true, "How sharp the bend is."),
      numberField("threshold", 20, "Where beta * x is above this, y is x."),
    ]))

  let constants: [String: Double]
  var formula: String { Self.function }

  public init(_ values: FieldValues) {
    constants = ["beta": values.number("beta"), "threshold": values.number("threshold")]
  }
}

/// gelu: x times the probability that a normal variable is below x. Hendrycks, Gimpel 2016.
public struct Gelu: StandardActivation {
  private static let exact = "0.5 * x * (1 + erf(x / sqrt(2)))"
  private static let tanh = "0.5 * x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3)))"
  public static let kind = Kind(
    "gelu", summary: "Gaussian error linear unit.", formula: "y = \(exact); with 'approximate: tanh' y = \(tanh)",
    example: "gelu",
    table: FieldTable([
      Field(
        "approximate", .choice(["none", "tanh"]), default: .value(.string("none")),
        doc: "Whether to compute it by tanh, as the paper also does.")
    ]))

  let formula: String

  public init(_ values: FieldValues) { formula = values.string("approximate") == "tanh" ? Self.tanh : Self.exact }
}
