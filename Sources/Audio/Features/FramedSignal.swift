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
    let crossings = [UInt8](unsafeUninitializedCapacity: samples.count) { crossings, filled in
      audio_crossings(crossings.baseAddress, samples, samples.count, -1e-10)
      filled = samples.count
    }
    return FeatureMatrix(rows: 1, frames: count) { output in
      crossings.withUnsafeBufferPointer { crossings in
        for frame in 0..<count {
          let start = frame * hop - length / 2
          // The frame's first sample has none before it within the frame.
          let (first, end) = (max(0, start) + 1, min(samples.count, start + length))
          let sum = first < end ? audio_count(crossings.baseAddress.map { $0 + first }, end - first) : 0
          output[frame] = Float(Double(sum) / Double(length))
        }
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
