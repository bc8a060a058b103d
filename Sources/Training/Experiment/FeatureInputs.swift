import Corpus
import Layers
import Planning
import Spec

/// The features of a spec as inputs of its model.
struct FeatureInputs {
  let pipeline: FeaturePipeline
  let graphInputs: [GraphInput]
  /// Seconds of the clip that nominal shapes are for; nil where the length policy fixes the length.
  let nominalSeconds: Double?

  /// Counts that depend on the length are given for a clip of three seconds, the length that the report cuts clips to.
  private static let openLengthSeconds = 3.0

  /// - Throws: `DiagnosticFailure` where the audio part of the spec does not fit together.
  init(_ spec: ExperimentSpec) throws {
    let pipeline = try FeaturePipeline(spec)
    self.pipeline = pipeline
    nominalSeconds = pipeline.fixedSamples == nil ? FeatureInputs.openLengthSeconds : nil
    let samples = pipeline.fixedSamples ?? Int(FeatureInputs.openLengthSeconds * Double(pipeline.rate))
    graphInputs = pipeline.features.map { feature in
      let nominal = feature.shape.sizes(samples: samples)
      let extents = feature.shape.extents.map { extent -> Extent in
        switch extent {
        case .known(let size): .known(size)
        case .frames(let count):
          pipeline.fixedSamples.map { .known(count(samples: $0)) } ?? .variable("T", divisor: 1)
        }
      }
      return GraphInput(
        name: feature.name, shape: SampleShape(extents), nominalShape: nominal,
        isMasked: pipeline.masks && feature.shape.isOpen)
    }
  }
}
