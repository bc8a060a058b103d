import Audio

/// What can be computed of a clip before the length that its batch gives it is known.
///
/// Zeros behind a clip do not change the frames that it fills: beyond a margin they only append copies of one silent frame,
/// up to the first step of a feature that looks at the number of frames (such as `resize`). So the steps before
/// that one, the head, run once, on the clip and its margin; a batch appends the frames and runs the rest. The bits are
/// those of the features of the padded waveform. Only a clip within a margin of the batch's longest is computed anew.
struct PaddableHead: Sendable {
  /// The number of steps in it.
  let steps: Int
  /// Zeros behind the clip, in samples.
  let margin: Int
  private let rows: Int
  private let frames: FrameCount

  /// The head of `feature`; nil where nothing can be computed before the length is known.
  init?(_ feature: FeaturePipeline.Feature) {
    (steps, margin) = feature.chain.extensible
    guard steps > 0, case .frames(let rows, let frames, _) = feature.chain.steps[steps - 1].output else { return nil }
    (self.rows, self.frames) = (rows, frames)
  }

  /// The number of values of a clip of `samples` samples.
  func count(samples: Int) -> Int { rows * frames(samples: samples + margin) }

  /// The values of a clip under analysis, which has the margin behind it.
  func values(of feature: FeaturePipeline.Feature, in analysis: WaveformAnalysis) -> [Float] {
    PaddedFeature.values(of: feature.chain.steps.prefix(steps), on: .waveform, in: analysis)
  }

  /// Whether a clip of `samples` samples in a batch of the given length has its margin.
  func serves(samples: Int, length: Int) -> Bool { length >= samples + margin }

  /// The values of `feature` at `length` samples from those of the head.
  func finish(_ values: [Float], of feature: FeaturePipeline.Feature, samples: Int, length: Int) -> [Float] {
    let head = FeatureMatrix(rows: rows, frames: frames(samples: samples + margin), values: values)
    let extended = head.extended(to: frames(samples: length))
    // The steps behind a head change matrices and look at no waveform.
    return PaddedFeature.values(
      of: feature.chain.steps.dropFirst(steps), on: .matrix(extended), in: WaveformAnalysis([]))
  }
}

/// A feature of a waveform with zeros behind it.
enum PaddedFeature {
  /// What `steps` make of `value`.
  static func values(
    of steps: ArraySlice<any FeatureStep>, on value: FeatureValue, in analysis: WaveformAnalysis
  ) -> [Float] {
    guard case .matrix(let matrix) = steps.reduce(value, { $1.apply($0, of: analysis) }) else { return [] }
    return matrix.values
  }
}
