import Diagnostics
import Layers
import TensorRuntime

/// A graph lowered to operations for one batch size and one set of input shapes.
package struct Program: Sendable {
  package let operations: [LoweredOperation]
  /// All tensors, features first.
  package let tensors: [TensorSpec]
  /// Tensors of the graph's inputs, in their order, then those of the lengths of the masked ones.
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
    var (given, lengths): ([Value], [Value]) = ([], [])
    for (index, shape) in shapes.enumerated() {
      let spec = TensorSpec(Shape([batch] + shape))
      if inputs[index].isMasked {
        let padded = lowering.paddedInput(spec, source: index)
        given.append(padded.value)
        lengths.append(padded.lengths)
      } else {
        given.append(lowering.input(spec))
      }
    }
    var made: [Made] = []
    func read(_ reference: GraphReference) -> Made {
      switch reference {
      case .input(let index):
        Made(
          value: given[index], shape: SampleShape(shapes[index]),
          mask: inputs[index].isMasked ? TimeMask(source: index) : nil)
      case .node(let index): made[index]
      }
    }
    for node in nodes {
      lowering.layer = node.name
      let sources = node.inputs.map(read)
      do {
        switch node.body {
        case .layer(let layer):
          made.append(try apply(layer, to: sources[0], &lowering))
        case .combinator(let combinator):
          let shape = try combinator.outputShape(of: sources.map(\.shape))
          let mask = try combinator.mask(of: sources.map(\.mask), shapes: sources.map(\.shape))
          made.append(Made(value: combinator.lower(sources.map(\.value), into: &lowering), shape: shape, mask: mask))
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
      operations: lowering.operations, tensors: lowering.values, inputs: (given + lengths).map(\.id), output: output.id)
  }

  /// A tensor on the way.
  private struct Made {
    let value: Value
    let shape: SampleShape
    let mask: TimeMask?
  }

  private func apply(_ layer: any Layer, to input: Made, _ lowering: inout Lowering) throws(ShapeMismatch) -> Made {
    let shape = try layer.outputShape(of: input.shape)
    guard let mask = input.mask, let layer = layer as? any MaskedLayer else {
      return Made(value: layer.lower(input.value, into: &lowering), shape: shape, mask: nil)
    }
    let behind = try layer.mask(behind: mask, input: input.shape)
    return Made(value: layer.lower(input.value, mask: mask, into: &lowering), shape: shape, mask: behind)
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
