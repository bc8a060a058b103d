import Diagnostics
import Layers
import TensorRuntime

/// A graph lowered to operations for one batch size and one set of input shapes.
struct Program: Sendable {
  let operations: [LoweredOperation]
  /// All tensors, features first.
  let tensors: [TensorSpec]
  /// Tensors of the graph's inputs, in their order.
  let inputs: [Int]
  let output: Int
}

extension LayerGraph {
  /// Lowers the graph for `batch` samples with the given feature shapes.
  ///
  /// - Throws: `DiagnosticFailure` (`data.clip_too_short`) where a layer cannot take the shape that a short clip leads to.
  func program(batch: Int, shapes: [[Int]]) throws -> Program {
    var lowering = Lowering()
    let given = shapes.map { lowering.input(TensorSpec(Shape([batch] + $0))) }
    var made: [(value: Value, shape: SampleShape)] = []
    func read(_ reference: GraphReference) -> (value: Value, shape: SampleShape) {
      switch reference {
      case .input(let index): (given[index], SampleShape(shapes[index]))
      case .node(let index): made[index]
      }
    }
    for node in nodes {
      lowering.layer = node.name
      let sources = node.inputs.map(read)
      do {
        switch node.body {
        case .layer(let layer):
          let shape = try layer.outputShape(of: sources[0].shape)
          made.append((layer.lower(sources[0].value, into: &lowering), shape))
        case .combinator(let combinator):
          let shape = try combinator.outputShape(of: sources.map(\.shape))
          made.append((combinator.lower(sources.map(\.value), into: &lowering), shape))
        }
      } catch {
        throw DiagnosticFailure([
          Diagnostic(
            "data.clip_too_short", "a batch's clips are too short for '\(node.name)': \(error.summary)",
            detail: "\(error.detail) Or leave short clips out.", at: node.span)
        ])
      }
    }
    let output = lowering.convert(read(self.output).value, to: .canonical)
    return Program(
      operations: lowering.operations, tensors: lowering.values, inputs: given.map(\.id), output: output.id)
  }
}
