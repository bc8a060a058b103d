import Diagnostics
import Layers
import TensorRuntime

/// A graph lowered to operations for one batch size and one set of input shapes.
package struct Program: Sendable {
  package let operations: [LoweredOperation]
  /// All tensors, features first.
  package let tensors: [TensorSpec]
  /// Tensors of the graph's inputs, in their order.
  package let inputs: [Int]
  package let output: Int

  package init(operations: [LoweredOperation], tensors: [TensorSpec], inputs: [Int], output: Int) {
    self.operations = operations
    self.tensors = tensors
    self.inputs = inputs
    self.output = output
  }
}

extension LayerGraph {
  /// Lowers the graph for `batch` samples with the given feature shapes.
  ///
  /// - Throws: `DiagnosticFailure`: `data.clip_too_short` where a layer cannot take the shape that a short clip leads to,
  ///   `run.batch_too_small` where one cannot work on so small a batch.
  package func program(batch: Int, shapes: [[Int]], training: Bool) throws -> Program {
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
    try checkBatch(of: batch, lowering.operations, training: training)
    let output = lowering.convert(read(self.output).value, to: .canonical)
    return Program(
      operations: lowering.operations, tensors: lowering.values, inputs: given.map(\.id), output: output.id)
  }

  /// Checks that a model of clips of nominal length can be trained on batches of `count`.
  ///
  /// - Throws: `DiagnosticFailure` (`run.batch_too_small`).
  public func checkTraining(onBatchesOf count: Int) throws {
    _ = try program(batch: count, shapes: inputs.map(\.nominalShape), training: true)
  }

  private func checkBatch(of count: Int, _ operations: [LoweredOperation], training: Bool) throws {
    for lowered in operations {
      guard let problem = lowered.operation.problem(training: training) else { continue }
      throw DiagnosticFailure([
        Diagnostic(
          "run.batch_too_small", "'\(lowered.layer)' cannot work on a batch of \(count): \(problem)",
          detail: "Choose a batch_size that leaves no last batch of one clip, or a layer whose statistics do not run "
            + "over the batch, such as group_norm or layer_norm.",
          at: nodes.first { $0.name == lowered.layer }?.span)
      ])
    }
  }
}
