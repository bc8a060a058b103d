import CKernels
import Foundation

/// Changes the speed of a sound and keeps its pitch, by a phase vocoder, as `librosa.effects.time_stretch` with its defaults.
///
/// Frame t of the result lies at position s = t · rate among the frames of the short-time Fourier transform D. Its magnitudes are
/// interpolated between the frames around s; its phases are those of frame t - 1, turned by the angle between the same two frames
/// (Flanagan, Golden 1966; Dolson 1986, "The phase vocoder: a tutorial"). The inverse transform adds windowed frames up and divides
/// by the sum of the squared windows.
public enum TimeStretch {
  /// Samples a frame, and from one frame to the next.
  private static let (length, hop) = (2048, 512)
  /// The periodic Hann window.
  private static let window = (0..<length).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length))) }

  /// `samples` faster by the factor `rate` > 0: round(n / rate) of them, at least one of a sound that has any.
  public static func stretched(_ samples: [Float], rate: Double) -> [Float] {
    guard !samples.isEmpty, rate > 0 else { return samples }
    let spectra = Spectra(samples)
    let count = max(1, Int((Double(samples.count) / rate).rounded(.toNearestOrEven)))
    let positions = Int((Double(spectra.frames) / rate).rounded(.up))
    let frames = min(positions, (count + length + hop - 1) / hop)
    var sum = [Float](repeating: 0, count: max(length + hop * (frames - 1), length / 2 + count))
    var weights = sum
    let (phase, spectrum) = (AlignedFloats(count: Spectra.stride), AlignedFloats(count: Spectra.stride))
    let (frame, inverse) = (AlignedFloats(count: length), InverseTransform.of(length: length))
    augment_phases(phase.base, spectra.frame(0), Spectra.bins)
    for index in 0..<frames {
      let position = Double(index) * rate
      let before = Int(position)
      augment_vocode(
        spectrum.base, phase.base, spectra.frame(before), spectra.frame(before + 1), Spectra.bins,
        Float(position - Double(before)))
      inverse.run(spectrum.base, to: frame.base)
      sum.withUnsafeMutableBufferPointer {
        guard let target = $0.baseAddress else { return }
        augment_overlap_add(target + index * hop, frame.base, window, length, 1 / Float(length))
      }
      weights.withUnsafeMutableBufferPointer {
        guard let target = $0.baseAddress else { return }
        augment_overlap_add(target + index * hop, window, window, length, 1)
      }
    }
    return (length / 2..<length / 2 + count).map {
      weights[$0] > .leastNormalMagnitude ? sum[$0] / weights[$0] : sum[$0]
    }
  }

  /// The short-time Fourier transform, with two silent frames behind the last.
  private struct Spectra {
    static let bins = length / 2 + 1
    /// Floats from one frame to the next, so that each is aligned.
    static let stride = (2 * bins + 15) / 16 * 16

    let frames: Int
    private let values: AlignedFloats

    /// Frame t is centred on sample t · hop; zeros lie beyond the ends.
    init(_ samples: [Float]) {
      frames = 1 + samples.count / hop
      values = AlignedFloats(count: (frames + 2) * Self.stride)
      let silence = [Float](repeating: 0, count: length / 2)
      let padded = silence + samples + silence
      let frame = AlignedFloats(count: length)
      let transform = RealTransform.of(length: length)
      padded.withUnsafeBufferPointer { padded in
        guard let start = padded.baseAddress else { return }
        for index in 0..<frames {
          audio_window(frame.base, start + index * hop, window, length)
          transform.run(frame.base, to: values.base + index * Self.stride)
        }
      }
    }

    func frame(_ index: Int) -> UnsafeMutablePointer<Float> { values.base + index * Self.stride }
  }
}
