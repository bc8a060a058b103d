import Spec
import TensorRuntime

/// What all activations share: shapes stay, and any layout will do.
protocol ActivationLayer: PositionwiseLayer {
  var activation: ActivationKind { get }
}

extension ActivationLayer {
  /// All of them do.
  public var keepsZeros: Bool { true }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape { input }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    lowering.apply(Activation(kind: activation, spec: input.spec), to: [input])
  }
}

/// relu: y = max(0, x).
public struct Relu: ActivationLayer {
  public static let kind = Kind(
    "relu", summary: "Rectified linear unit.", formula: "y = max(0, x)", example: "relu", table: FieldTable([]))

  var activation: ActivationKind { .relu }

  public init(_ values: FieldValues) {}
}

/// silu: y = x sigmoid(x). Elfwing, Uchibe, Doya 2018; also called Swish.
public struct Silu: ActivationLayer {
  public static let kind = Kind(
    "silu", summary: "Sigmoid-weighted linear unit, also called Swish.", formula: "y = x / (1 + exp(-x))",
    example: "silu",
    table: FieldTable([]))

  var activation: ActivationKind { .silu }

  public init(_ values: FieldValues) {}
}

/// elu: y = x for x > 0, alpha (exp(x) - 1) otherwise. Clevert, Unterthiner, Hochreiter 2016.
public struct Elu: ActivationLayer {
  public static let kind = Kind(
    "elu", summary: "Exponential linear unit.", formula: "y = x where x > 0, alpha (exp(x) - 1) elsewhere",
    example: "elu: {alpha: 1}",
    table: FieldTable(
      [Field("alpha", .number(min: 0), default: .value(.number(1)), doc: "Scale of the negative part.")],
      primary: "alpha"))

  let alpha: Double
  var activation: ActivationKind { .elu(alpha: Float(alpha)) }

  public init(_ values: FieldValues) { alpha = values.number("alpha") }
}
