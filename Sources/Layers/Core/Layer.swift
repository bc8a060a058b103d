import Spec
import TensorRuntime

/// One kind of layer: how it is written, what it does to shapes, and how it runs.
///
/// A file in this module and a line in `LayerCatalog` are all that a new layer takes: schema, docs,
/// suggestions and `serspec layers` are made from `kind`.
public protocol Layer: Sendable {
  /// Name, formula and fields.
  static var kind: Kind { get }
  /// Takes the checked and completed fields of `kind`.
  init(_ values: FieldValues)
  /// The output's shape for one sample.
  func outputShape(of input: SampleShape) throws(ShapeMismatch) -> SampleShape
  /// Multiplications with a following addition for one sample; what papers report as MACs. Only products with weights count.
  func multiplyAdds(input: [Int], output: [Int]) -> Int
  /// Adds the layer's operations for a batch of inputs that `outputShape` accepts.
  func lower(_ input: Value, into lowering: inout Lowering) -> Value
}

extension Layer {
  public func multiplyAdds(input: [Int], output: [Int]) -> Int { 0 }
}

/// How a node joins the outputs of several others.
public protocol Combinator: Sendable {
  static var kind: Kind { get }
  init(_ values: FieldValues)
  func outputShape(of inputs: [SampleShape]) throws(ShapeMismatch) -> SampleShape
  func lower(_ inputs: [Value], into lowering: inout Lowering) -> Value
  /// The mask of the output of padded inputs, nil for those without one. Throws where they cannot be joined so.
  func mask(of inputs: [TimeMask?], shapes: [SampleShape]) throws(ShapeMismatch) -> TimeMask?
}
