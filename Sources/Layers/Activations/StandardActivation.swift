import Spec
import Syntax
import TensorRuntime

/// An activation that is its documented formula: what `kind.formula` shows is parsed and run.
protocol StandardActivation: PositionwiseLayer {
  /// The function of x; names of fields in it stand for their values, all others are parameters.
  var formula: String { get }
  /// The values of fields that occur in the formula.
  var constants: [String: Double] { get }
  var initial: [(name: String, value: Float)] { get }
  var sharing: FormulaActivation.Sharing { get }
}

extension StandardActivation {
  var constants: [String: Double] { [:] }
  var initial: [(name: String, value: Float)] { [] }
  var sharing: FormulaActivation.Sharing { .layer }

  public func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape { input }

  public func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    lowering.apply(operation(input.spec), to: [input])
  }

  private func operation(_ spec: TensorSpec) -> FormulaActivation {
    guard let parsed = try? Formula.parse(formula, at: .standard) else {
      preconditionFailure("the formula of '\(Self.kind.name)' cannot be read")
    }
    return FormulaActivation(
      label: Self.kind.name, formula: FormulaExpression(parsed, constants: constants), initial: initial,
      sharing: sharing, spec: spec)
  }
}

/// A number among an activation's fields.
func numberField(_ name: String, _ value: Double, min: Double? = nil, exclusiveMin: Bool = false, _ doc: String)
  -> Field
{
  Field(name, .number(min: min, exclusiveMin: exclusiveMin), default: .value(.number(value)), doc: doc)
}
