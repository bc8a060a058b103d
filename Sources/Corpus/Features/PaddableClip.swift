import Audio

/// A clip whose final length depends on its batch, with all that can be computed before that length is known.
///
/// Zeros behind a clip do not change the frames that it fills: beyond a margin they only append copies of one silent frame,
/// up to the first step of a feature that looks at the number of frames (such as `resize`). So the steps before
/// that one run once, on the clip and its margin; a batch appends the frames and runs the rest. The bits are
/// those of the features of the padded waveform. Only a clip within a margin of the batch's longest is computed anew.
struct PaddableClip: Sendable {
  let waveform: [Float]
  /// For each feature the value behind its first steps, over the clip and the margin; nil where there is no such step.
  private let heads: [FeatureMatrix?]

  /// Computes what does not depend on the batch.
  init(_ waveform: [Float], features: [FeaturePipeline.Feature]) {
    self.waveform = waveform
    // Features of one margin share their spectrograms.
    var analyses: [Int: WaveformAnalysis] = [:]
    heads = features.map { feature in
      let (count, margin) = feature.chain.extensible
      let analysis = analyses[margin] ?? WaveformAnalysis(waveform, paddedTo: waveform.count + margin)
      analyses[margin] = analysis
      return Self.matrix(of: feature.chain.steps.prefix(count), on: .waveform, of: analysis)
    }
  }

  /// The values of `features`, those that the clip was made with, of the waveform padded to `length` samples.
  func extract(_ features: [FeaturePipeline.Feature], length: Int) -> [[Float]] {
    let analysis = WaveformAnalysis(waveform, paddedTo: length)
    return zip(features, heads).map { feature, head in
      let (count, margin) = feature.chain.extensible
      let steps = feature.chain.steps
      guard let head, length >= waveform.count + margin, case .frames(_, let frames, _) = steps[count - 1].output else {
        return Self.matrix(of: steps[...], on: .waveform, of: analysis)?.values ?? []
      }
      let extended = head.extended(to: frames(samples: length))
      return Self.matrix(of: steps.dropFirst(count), on: .matrix(extended), of: analysis)?.values ?? []
    }
  }

  /// What `steps` make of `value`; nil where there are none and it is the waveform.
  private static func matrix(
    of steps: ArraySlice<any FeatureStep>, on value: FeatureValue, of analysis: WaveformAnalysis
  ) -> FeatureMatrix? {
    guard case .matrix(let matrix) = steps.reduce(value, { $1.apply($0, of: analysis) }) else { return nil }
    return matrix
  }
}
