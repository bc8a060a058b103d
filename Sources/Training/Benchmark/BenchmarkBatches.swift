import Corpus
import Planning
import Spec
import TensorRuntime

/// Made-up batches of the shapes that training a spec has: random features, labels in turn.
///
/// Where the length policy leaves the length open, they have the lengths of the first epoch's batches, in the order of
/// training: shuffled by the spec's seed, each as long as its longest clip.
package struct BenchmarkBatches: Sendable {
  /// Clips in a batch.
  package let size: Int
  /// Where the lengths come from; nil where the length policy fixes them.
  package let lengths: ClipLengths?
  /// The length of each batch of the epoch in samples; one entry where all are equal.
  package let samples: [Int]
  /// The lengths of the clips of each batch in samples; empty where all are equal.
  private let clips: [[Int]]
  private let pipeline: FeaturePipeline
  private let inputs: [GraphInput]
  private let classes: Int
  private let key: RandomKey

  /// - Parameter manifest: a table with the clips' durations, for a spec whose lengths are open.
  /// - Throws: `DiagnosticFailure` where the manifest is at fault.
  package init(_ spec: ExperimentSpec, graph: LayerGraph, manifest: String?) throws {
    let root = RandomKey(seed: UInt64(spec.seed))
    pipeline = try FeaturePipeline(spec)
    inputs = graph.inputs
    classes = spec.corpus.classes.count
    key = root.child("benchmark")
    if let fixed = pipeline.fixedSamples {
      lengths = nil
      size = spec.train.batchSize
      samples = [fixed]
      clips = []
      return
    }
    let lengths = try manifest.map { try ClipLengths(spec, manifest: $0) } ?? ClipLengths(drawnBy: key.child("lengths"))
    let rate = Double(pipeline.rate)
    let clips = lengths.seconds.map { max(1, Int(($0 * rate).rounded())) }
    let size = min(spec.train.batchSize, clips.count)
    let order = BatchOrder(
      key: root.child("shuffle"), batchSize: size, poolBatches: pipeline.batchesOfSimilarLength)
    self.clips = order.batches(of: Array(clips.indices), epoch: 0) { clips[$0] }
      .filter { $0.count == size }.map { batch in batch.map { clips[$0] } }
    let pipeline = pipeline
    samples = self.clips.map { pipeline.length(of: $0) }
    self.size = size
    self.lengths = lengths
  }

  /// The length of batch `index` in samples; behind the last batch of the epoch the first one follows.
  package func samples(of index: Int) -> Int { samples[index % samples.count] }

  /// The features' shapes of batch `index` without the batch axis, in the order of the model's inputs.
  package func shapes(of index: Int) -> [[Int]] {
    inputs.map { pipeline.feature($0.name)?.shape.sizes(samples: samples(of: index)) ?? $0.nominalShape }
  }

  /// The model's inputs with counts for clips as long as batch `index`.
  func inputs(of index: Int) -> [GraphInput] {
    zip(inputs, shapes(of: index)).map {
      GraphInput(name: $0.name, shape: $0.shape, nominalShape: $1, isMasked: $0.isMasked)
    }
  }

  /// How many frames of a masked input belong to each clip of batch `index`.
  private func frames(of input: GraphInput, batch index: Int) -> [Int] {
    clips[index % clips.count].map { pipeline.feature(input.name)?.shape.sizes(samples: $0).last ?? 0 }
  }

  /// Batch `index`; the same values each time.
  package func batch(_ index: Int) -> Batch {
    let shapes = shapes(of: index)
    return Batch(
      shapes: shapes,
      features: shapes.enumerated().map { input, shape in
        RandomStream(key.child(UInt64(input))).uniforms(count: shape.reduce(size, *))
      }, lengths: inputs.filter(\.isMasked).map { frames(of: $0, batch: index) },
      labels: (0..<size).map { Int32($0 % classes) })
  }
}
