import Audio
import Corpus
import Foundation

/// Sounds of our own.
enum Tone {
  /// A gliding tone with overtones.
  static func samples(count: Int, pitch: Double = 180) -> [Float] {
    (0..<count).map { index in
      let phase = 2 * Double.pi * pitch * (Double(index) + Double(index * index) / 200_000) / 16000
      return Float(sin(phase) + 0.5 * sin(2 * phase) + 0.2 * sin(5 * phase)) * 0.3
    }
  }

  static func source(count: Int, pitch: Double = 180) -> ClipSource {
    ClipSource(name: "tone \(count)") { Clip(channels: [samples(count: count, pitch: pitch)], rate: 16000) }
  }
}
