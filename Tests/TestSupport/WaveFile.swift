import Foundation

/// WAV files of 16 bits for tests.
public enum WaveFile {
  /// The bytes of a file of interleaved samples.
  public static func bytes(_ samples: [Int16], rate: Int = 16_000, channels: Int = 1) -> Data {
    func little(_ value: Int, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let format = little(1, 2) + little(channels, 2) + little(rate, 4) + little(2 * channels * rate, 4)
    let body =
      Array("WAVEfmt ".utf8) + little(16, 4) + format + little(2 * channels, 2) + little(16, 2)
      + Array("data".utf8) + little(2 * samples.count, 4) + samples.flatMap { little(Int($0), 2) }
    return Data(Array("RIFF".utf8) + little(body.count, 4) + body)
  }

  /// A tone with a little of a second one, so that no two of different `hertz` are alike.
  public static func tone(_ hertz: Double, seconds: Double = 1, rate: Int = 16_000, peak: Double = 8000) -> [Int16] {
    (0..<Int(seconds * Double(rate))).map { index in
      let t = Double(index) / Double(rate)
      return Int16(peak * (0.8 * sin(2 * .pi * hertz * t) + 0.2 * sin(2 * .pi * 1.7 * hertz * t + 1)))
    }
  }
}
