import Spec
import Syntax
import TensorRuntime

/// formula: any function of x that users write, with parameters that are learnt.
public struct FormulaLayer: PositionwiseLayer {
  public static let kind = Kind(
    "formula", summary: "An activation by its formula, which is differentiated symbolically.",
    formula: """
      y = the formula of x. Every other name in it, but the constants pi and e, is a parameter that is learnt.
      + - * / **, a if condition else b, comparisons, and, or, not; \(functions).
      At kinks max, min, relu and abs have slope 0.
      """,
    example: "formula: \"x * sigmoid(b * x)\"",
    table: FieldTable(
      [
        Field("y", .formula, doc: "The function of x."),
        Field(
          "initial", .dictionary(.number()), default: .value(.dictionary([])),
          doc: "Values that parameters start from; those that are not named start from 1."),
        Field(
          "per", .choice(["layer", "channel"]), default: .value(.string("layer")),
          doc: "Whether a parameter has one value for the layer or one for each channel."),
      ], primary: "y", learnable: ["initial": "y"]))

  private static var functions: String { FormulaFunctionName.allCases.map(\.rawValue).joined(separator: ", ") }

  let formula: Formula
  let initial: [(name: String, value: Float)]
  let sharing: FormulaActivation.Sharing

  public init(_ values: FieldValues) {
    formula = values.formula("y")
    let given = values.numbers(by: "initial")
    initial = formula.parameters.map { ($0.value, Float(given[$0.value] ?? 1)) }
    sharing = values.string("per") == "channel" ? .channel : .layer
  }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape {
    if sharing == .channel, !initial.isEmpty { try input.requireChannels(for: "formula with 'per: channel'") }
    return input
  }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let operation = FormulaActivation(
      label: "formula", formula: FormulaExpression(formula), initial: initial, sharing: sharing, spec: input.spec)
    return lowering.apply(operation, to: [input])
  }
}

extension SampleShape {
  /// The number of channels, which weights by channel need to know.
  @discardableResult
  func requireChannels(for layer: String) throws(ShapeMismatch) -> Int {
    guard let channels = extents.first?.value else {
      throw ShapeMismatch(
        "\(layer) needs a known number of channels, found \(self)",
        detail: "The length of a clip cannot be a number of channels: weights would change with every clip.")
    }
    return channels
  }
}

extension FieldValues {
  /// A field of type `.dictionary(.number())`.
  fileprivate func numbers(by name: String) -> [String: Double] {
    Dictionary(
      dictionary(name).compactMap { entry in
        switch entry.value.content {
        case .number(let value): (entry.key.value, value)
        case .integer(let value): (entry.key.value, Double(value))
        default: nil
        }
      }, uniquingKeysWith: { $1 })
  }
}
