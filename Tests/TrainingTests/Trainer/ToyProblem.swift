import Planning
import Spec
import TensorRuntime
import Training

/// Clips of three classes as small images, each class with a bright row of its own: a few epochs are enough.
final class ToyProblem: BatchSource {
  let labels: [Int]
  private let images: [[Float]]

  init(clips: Int) {
    labels = (0..<clips).map { $0 % 6 }
    images = labels.enumerated().map { clip, label in
      let noise = RandomStream(RandomKey(seed: UInt64(clip))).uniforms(count: 64 * 64)
      return noise.enumerated().map { index, value in 0.4 * value + (index / 64 / 10 == label ? 0.6 : 0) }
    }
  }

  var batchesOfSimilarLength: Int? { nil }
  func samples(of clip: Int) -> Int { 0 }

  func batch(of clips: [Int]) throws -> Batch {
    Batch(shapes: [[1, 64, 64]], features: [clips.flatMap { images[$0] }], labels: clips.map { Int32(labels[$0]) })
  }

  /// A spec with a small 2D network on the report's image.
  ///
  /// - Parameters:
  ///   - norm: the layer behind the convolution.
  ///   - sets: further settings.
  static func spec(
    epochs: Int, norm: String = "group_norm: 1", sets: [(String, String)] = []
  ) throws -> ExperimentSpec {
    let layers =
      "[conv2d: {out_channels: 8, kernel_size: 3, stride: 4, padding: 1}, \(norm), relu, dropout: 0.2, global_avg_pool]"
    let all =
      [
        ("model.image_path", "{from: mel_image, layers: \(layers)}"), ("train.epochs", "\(epochs)"),
        ("train.batch_size", "16"), ("lr", "0.01"), ("train.schedule", "[{linear_warmup: {epochs: 1}}]"),
      ] + sets
    return try resolvedSpec("cnn2d.yaml", sets: all.map { (key: $0.0, value: $0.1) })
  }

  /// A trainer on 80 clips, with 16 to validate.
  static func trainer(
    epochs: Int, threads: Int = 2, norm: String = "group_norm: 1", sets: [(String, String)] = []
  ) throws -> Trainer {
    let spec = try spec(epochs: epochs, norm: norm, sets: sets)
    return Trainer(
      spec: spec, graph: try ModelDescription(spec).graph, source: ToyProblem(clips: 96), trainClips: Array(0..<80),
      validationClips: Array(80..<96), pool: WorkerPool(threads: threads))
  }
}

extension Trainer {
  /// All weights in PyTorch's order.
  var weights: [[Float]] {
    executor.parameters.slots.indices.map { executor.parameters.exported($0, from: executor.parameters.values) }
  }

  /// All states, such as running statistics.
  var states: [[Float]] { executor.parameters.stateSlots.map { $0.exported(from: executor.parameters.states) } }
}
