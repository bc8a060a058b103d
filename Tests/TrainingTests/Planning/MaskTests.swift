import Diagnostics
import Planning
import Spec
import TensorRuntime
import Testing
import Training

/// With masks a clip in a padded batch has the logits and gradients that it has alone.
@Suite(.serialized) struct MaskTests {
  /// Layers from [5, T] on; each ends in a vector for `linear`.
  private static let models = [
    "convolutions and pools":
      "conv1d: {out_channels: 7, kernel_size: 3, padding: 1}, silu, max_pool1d: {kernel_size: 2, ceil_mode: true}, "
      + "conv1d: {out_channels: 6, kernel_size: 4, stride: 2, padding: 2, dilation: 1}, avg_pool1d: 2, elu, global_avg_pool",
    "group norm":
      "conv1d: {out_channels: 32, kernel_size: 3, padding: 1}, group_norm: 1, relu, max_pool1d: 2, group_norm: 8, "
      + "instance_norm: {affine: true}, silu, global_avg_pool",
    "images":
      "reshape: [1, 5, -1], conv2d: {out_channels: 4, kernel_size: 3, padding: 1}, group_norm: 2, "
      + "max_pool2d: {kernel_size: 2, ceil_mode: true}, squeeze_excitation: 2, batch_norm, global_max_pool",
    "recurrence, all states": "lstm: {hidden_size: 6, bidirectional: true, num_layers: 2}, global_avg_pool",
    "recurrence, last states":
      "conv1d: {out_channels: 8, kernel_size: 3}, gru: {hidden_size: 5, bidirectional: true, output: last}",
    "lstm, last state": "lstm: {hidden_size: 5, output: last}",
    "attention":
      "conv1d: {out_channels: 8, kernel_size: 1}, positional_encoding, "
      + "transformer_encoder_layer: {num_heads: 2, dim_feedforward: 12, dropout: 0}, global_avg_pool",
    "statistics": "batch_norm: {affine: true}, sigmoid, attentive_stats_pool: 4",
    "branches":
      "parallel: [[conv1d: {out_channels: 3, kernel_size: 3, padding: same}], [linear: {out_features: 4, axis: 0}, tanh]], "
      + "residual: {layers: [conv1d: {out_channels: 7, kernel_size: 5, padding: 2}]}, scale: 0.5, global_max_pool",
  ]

  private static func graph(_ layers: String, length: String = "{policy: batch_longest, masks: true}") throws
    -> LayerGraph
  {
    try ModelDescription(
      resolvedSpec(
        text: """
          serspec: 1
          extends: base/report.yaml
          length: \(length)
          features: {frames: [mfcc: {n_mfcc: 5, hop_length: 160}]}
          model: {logits: {from: frames, layers: [\(layers), linear: 6]}}
          """)
    ).graph
  }

  private static let lengths = [19, 31, 12]

  /// One clip of each length, as values by frame [T, 5].
  private static let clips: [[Float]] = lengths.enumerated().map { index, length in
    RandomStream(RandomKey(seed: UInt64(index))).uniforms(count: length * 5)
  }

  private static func batch(_ members: [Int], padding: Float = 0) -> Batch {
    let longest = members.map { lengths[$0] }.max() ?? 0
    let values = members.flatMap { clip in
      (0..<5).flatMap { row in
        (0..<longest).map { t in t < lengths[clip] ? clips[clip][t * 5 + row] : padding }
      }
    }
    return Batch(
      shapes: [[5, longest]], features: [values], lengths: [members.map { lengths[$0] }],
      labels: members.map { Int32($0 % 6) })
  }

  private static func executor(_ graph: LayerGraph, threads: Int = 2) throws -> Executor {
    _ = try loadBLAS()
    let parameters = ModelParameters(graph)
    parameters.initialise(key: RandomKey(seed: 3))
    return Executor(graph: graph, parameters: parameters, pool: WorkerPool(threads: threads))
  }

  @Test(arguments: models.keys.sorted()) func logitsDoNotDependOnTheBatch(model: String) throws {
    let executor = try Self.executor(Self.graph(Self.models[model] ?? ""))
    let together = try executor.logits(Self.batch([0, 1, 2]))
    for clip in 0..<3 {
      let alone = try executor.logits(Self.batch([clip]))
      for (found, expected) in zip(together[clip * 6..<(clip + 1) * 6], alone) {
        #expect(abs(found - expected) < 1e-5, "clip \(clip)")
      }
    }
  }

  @Test(arguments: models.keys.filter { !(models[$0] ?? "").contains("batch_norm") }.sorted())
  func gradientsAreTheMeanOfThoseOfClipsAlone(model: String) throws {
    let executor = try Self.executor(Self.graph(Self.models[model] ?? ""))
    func gradients(_ members: [Int]) throws -> [[Float]] {
      _ = try executor.gradients(of: Self.batch(members), key: RandomKey(seed: 1))
      return executor.parameters.slots.indices.map { executor.parameters.exported($0, from: executor.gradients) }
    }
    let together = try gradients([0, 1, 2])
    let alone = try (0..<3).map { try gradients([$0]) }
    let largest = together.joined().reduce(Float(0)) { max($0, abs($1)) }
    for (index, slot) in executor.parameters.slots.enumerated() {
      for at in together[index].indices {
        let mean = alone.reduce(Float(0)) { $0 + $1[index][at] } / 3
        #expect(abs(together[index][at] - mean) < 2e-5 * largest, "\(slot.name)")
      }
    }
  }

  @Test func threadsDoNotChangeTheBits() throws {
    let graph = try Self.graph(Self.models["images"] ?? "")
    let found = try [1, 2, 3].map { threads in
      let executor = try Self.executor(graph, threads: threads)
      _ = try executor.gradients(of: Self.batch([2, 0, 1]), key: RandomKey(seed: 1))
      return executor.gradients.values
    }
    #expect(found[0] == found[1] && found[0] == found[2])
  }

  /// Without masks they do: what the test above would not notice if lengths were ignored.
  @Test func withoutMasksLogitsDependOnTheBatch() throws {
    let executor = try Self.executor(
      Self.graph(Self.models["group norm"] ?? "", length: "{policy: batch_longest}"))
    func logits(_ members: [Int]) throws -> [Float] {
      let batch = Self.batch(members)
      return try executor.logits(Batch(shapes: batch.shapes, features: batch.features, labels: batch.labels))
    }
    #expect(abs(try logits([0, 1, 2])[0] - logits([0])[0]) > 1e-4)
  }

  @Test(arguments: [
    ("adaptive_avg_pool1d: 4, flatten", "adaptive_avg_pool1d cannot leave out the padding"),
    ("avg_pool1d: {kernel_size: 2, ceil_mode: true}, global_avg_pool", "by another number than those of its padding"),
    ("softmax: {dim: 1}, global_avg_pool", "softmax over the length of a clip"),
    ("reshape: [-1, 5], global_avg_pool", "loses sight of where a clip ends"),
    (
      "parallel: {branches: [[conv1d: {out_channels: 5, kernel_size: 3}], [max_pool1d: 2]], join: add}, global_avg_pool",
      "add cannot join"
    ),
  ]) func layersThatReadPaddingAreRefused(layers: String, message: String) throws {
    do {
      _ = try Self.graph(layers)
      Issue.record("nothing was thrown")
    } catch let failure as DiagnosticFailure {
      #expect(failure.diagnostics.first?.summary.contains(message) == true, "\(failure.diagnostics)")
    }
  }

  @Test func aClipThatIsTooShortIsNamedSo() throws {
    let executor = try Self.executor(
      Self.graph("conv1d: {out_channels: 4, kernel_size: 13}, global_avg_pool"))
    #expect(throws: DiagnosticFailure.self) { _ = try executor.logits(Self.batch([0, 1, 2])) }
    #expect(try executor.logits(Self.batch([0, 1])).count == 12)
  }
}
