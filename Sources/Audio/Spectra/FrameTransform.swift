import CKernels
import Foundation
import Synchronization

/// Power spectra of 16 frames at a time, for lengths that are powers of two: the tables that the kernel reads.
///
/// In single precision the error is about 1e-7 of the largest power. Where small values beside large ones matter, as to a ratio
/// of the smallest magnitudes of a band, the transform runs in double precision, as librosa's does.
struct FrameTransform<Real: BinaryFloatingPoint & Sendable>: Sendable {
  let length: Int
  /// A periodic Hann window.
  let window: [Real]
  private let twiddles: [Real]
  private let places: [UInt32]

  /// The tables for frames of `length` samples; nil unless that is a power of two from 16 on.
  init?(length: Int) {
    guard length >= 16, length & (length - 1) == 0 else { return nil }
    self.length = length
    window = (0..<length).map { Real(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length))) }
    var twiddles: [Real] = []
    var stage = length / 2
    while stage > 4 {
      for row in 0..<stage / 4 {
        for multiple in 1...3 {
          let angle = 2 * .pi * Double(row * multiple) / Double(stage)
          twiddles += [Real(cos(angle)), Real(-sin(angle))]
        }
      }
      stage /= 4
    }
    for bin in 0...length / 4 {
      let angle = 2 * .pi * Double(bin) / Double(length)
      twiddles += [Real(cos(angle)), Real(sin(angle))]
    }
    self.twiddles = twiddles
    // A stage of radix r leaves the values k, k + r, ... in one block: the digits of k, from the last on, are the place.
    places = (0..<length / 2).map { value in
      var (place, rest, block) = (0, value, length / 2)
      while block > 1 {
        let radix = block >= 4 ? 4 : 2
        block /= radix
        place += rest % radix * block
        rest /= radix
      }
      return UInt32(place)
    }
  }
}

extension FrameTransform<Float> {
  private static let cache = Mutex<[Int: FrameTransform<Float>?]>([:])

  /// The tables, made once a length.
  static func of(length: Int) -> Self? {
    cache.withLock { tables in
      if let known = tables[length] { return known }
      let made = FrameTransform(length: length)
      tables[length] = made
      return made
    }
  }

  /// Writes the power of `frames` (at most 16) frames at `samples`, `hop` apart, as a tile.
  func run(
    _ samples: UnsafePointer<Float>, frames: Int, hop: Int, work: UnsafeMutableBufferPointer<Float>,
    to tile: UnsafeMutablePointer<Float>
  ) {
    audio_power_frames(tile, frames, samples, hop, window, length, twiddles, places, work.baseAddress)
  }
}

extension FrameTransform<Double> {
  private static let cache = Mutex<[Int: FrameTransform<Double>?]>([:])

  /// The tables, made once a length.
  static func of(length: Int) -> Self? {
    cache.withLock { tables in
      if let known = tables[length] { return known }
      let made = FrameTransform(length: length)
      tables[length] = made
      return made
    }
  }

  /// Writes the power of `frames` (at most 16) frames at `samples`, `hop` apart, as a tile.
  func run(
    _ samples: UnsafePointer<Float>, frames: Int, hop: Int, work: UnsafeMutableBufferPointer<Double>,
    to tile: UnsafeMutablePointer<Float>
  ) {
    audio_power_frames_double(tile, frames, samples, hop, window, length, twiddles, places, work.baseAddress)
  }
}
