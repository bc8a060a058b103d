import CKernels

/// Features of the waveform itself, over frames centred on multiples of the hop.
public struct FramedSignal: Hashable, Sendable {
  public let length: Int
  public let hop: Int

  /// Frames of `length` samples, `hop` samples apart.
  public init(length: Int, hop: Int) {
    precondition(length > 0 && hop > 0, "frames and hops have samples")
    (self.length, self.hop) = (length, hop)
  }

  /// Frames of a sound of `samples` samples.
  public func frames(samples: Int) -> Int { 1 + (samples + length / 2 * 2 - length) / hop }

  /// The share of samples whose sign differs from that of the sample before, [1, frames]. Values within 1e-10 of zero are
  /// positive; beyond the ends the end samples repeat.
  public func zeroCrossingRate(_ samples: [Float]) -> FeatureMatrix {
    let count = frames(samples: samples.count)
    // before[i]: crossings between samples up to i.
    let before = [Int32](unsafeUninitializedCapacity: samples.count) { before, filled in
      var (crossings, last): (Int32, Bool) = (0, (samples.first ?? 0) < -1e-10)
      for index in samples.indices {
        let negative = samples[index] < -1e-10
        crossings += negative == last ? 0 : 1
        last = negative
        before.initializeElement(at: index, to: crossings)
      }
      filled = samples.count
    }
    return FeatureMatrix(rows: 1, frames: count) { output in
      for frame in 0..<count {
        let start = frame * hop - length / 2
        // The frame's first sample has none before it within the frame.
        let (first, last) = (max(0, start), min(samples.count, start + length) - 1)
        let crossings = first < last ? before[last] - before[first] : 0
        output[frame] = Float(Double(crossings) / Double(length))
      }
    }
  }

  /// The root of the mean square, [1, frames]; zeros beyond the ends.
  public func rootMeanSquare(_ samples: [Float]) -> FeatureMatrix {
    let count = frames(samples: samples.count)
    return FeatureMatrix(rows: 1, frames: count) { output in
      samples.withUnsafeBufferPointer { samples in
        guard let base = samples.baseAddress else { return }
        for frame in 0..<count {
          let start = frame * hop - length / 2
          let (first, end) = (max(0, start), min(samples.count, start + length))
          let sum = first < end ? audio_sum_of_squares(base + first, end - first) : 0
          output[frame] = (sum / Float(length)).squareRoot()
        }
      }
    }
  }
}
