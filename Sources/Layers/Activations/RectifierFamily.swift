import Spec
import TensorRuntime

/// relu6: Krizhevsky 2010.
public struct Relu6: PlainActivation {
  static let function = "min(max(x, 0), 6)"
  public static let kind = plain("relu6", "Relu cut off at 6.")
}

/// hardsigmoid: a sigmoid of three straight lines.
public struct Hardsigmoid: PlainActivation {
  static let function = "min(max(x + 3, 0), 6) / 6"
  public static let kind = plain("hardsigmoid", "A sigmoid of three straight lines.")
}

/// hardswish: Howard et al. 2019, "Searching for MobileNetV3".
public struct Hardswish: PlainActivation {
  static let function = "x * min(max(x + 3, 0), 6) / 6"
  public static let kind = plain("hardswish", "Silu with hardsigmoid in the place of the sigmoid.")
}

/// hardtanh: the identity between two ends.
public struct Hardtanh: StandardActivation {
  private static let function = "min(max(x, min_val), max_val)"
  public static let kind = Kind(
    "hardtanh", summary: "The identity, cut off at two ends.", formula: "y = \(function)", example: "hardtanh",
    table: FieldTable([
      numberField("min_val", -1, "The lower end."),
      numberField("max_val", 1, "The upper end."),
    ]))

  let constants: [String: Double]
  var formula: String { Self.function }

  public init(_ values: FieldValues) {
    constants = ["min_val": values.number("min_val"), "max_val": values.number("max_val")]
  }
}

/// leaky_relu: Maas, Hannun, Ng 2013.
public struct LeakyRelu: StandardActivation {
  private static let function = "x if x > 0 else negative_slope * x"
  public static let kind = Kind(
    "leaky_relu", summary: "Relu with a small slope below zero.", formula: "y = \(function)",
    example: "leaky_relu: 0.1",
    table: FieldTable([numberField("negative_slope", 0.01, "The slope below zero.")], primary: "negative_slope"))

  let constants: [String: Double]
  var formula: String { Self.function }

  public init(_ values: FieldValues) { constants = ["negative_slope": values.number("negative_slope")] }
}

/// selu: Klambauer et al. 2017, "Self-Normalizing Neural Networks".
public struct Selu: PlainActivation {
  static let function =
    "1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * expm1(x))"
  public static let kind = plain("selu", "Elu with the scales that keep mean and variance.")
}

/// prelu: leaky_relu whose slope is learnt. He et al. 2015.
public struct Prelu: StandardActivation {
  private static let function = "x if x > 0 else weight * x"
  public static let kind = Kind(
    "prelu", summary: "Relu with a learnt slope below zero.", formula: "y = \(function)", example: "prelu",
    table: FieldTable(
      [
        Field(
          "num_parameters", .either([.choice(["channels"]), .integer(min: 1)]), default: .value(.integer(1)),
          doc: "1 for one slope, the number of channels or 'channels' for one each."),
        numberField("init", 0.25, "The slope at the start."),
      ], primary: "num_parameters"))

  /// nil for as many as there are channels.
  let count: Int?
  let initial: [(name: String, value: Float)]
  var sharing: FormulaActivation.Sharing { count == 1 ? .layer : .channel }
  var formula: String { Self.function }

  public init(_ values: FieldValues) {
    if case .integer(let count) = values["num_parameters"].content { self.count = count } else { count = nil }
    initial = [("weight", Float(values.number("init")))]
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    if count == 1 { return input }
    let channels = try input.requireChannels(for: "prelu")
    if let count, count != channels {
      throw ShapeMismatch(
        "prelu has \(count) parameters for \(channels) channels in \(input)",
        detail: "num_parameters is 1, or the number of channels; 'channels' stands for this number.")
    }
    return input
  }
}
