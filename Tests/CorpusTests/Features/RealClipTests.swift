import Corpus
import Foundation
import TestSupport
import Testing

/// Recordings at 48 kHz, one of them stereo, against figures that librosa, torchaudio and scikit-image gave.
@Suite(.enabled(if: Shared.isExpected, Comment(rawValue: Shared.whySkipped))) struct RealClipTests {
  @Test func featuresAreThoseOfTheReferences() throws {
    let fixed = try SpecPieces.report(length: SpecPieces.fixed(3))
    for reference in try RealClip.all() {
      let clip = try ClipSource.file(Shared.path("corpora/ravdess/\(reference.file)")).load()
      let waveform = fixed.prepare(clip)
      #expect(waveform.count == reference.samples)
      check(fixed.extract(fixed.features, from: fixed.fit(waveform, to: 48000)), reference.fixed, reference.file)
    }
  }

  @Test func paddedFeaturesAreThoseOfTheReferences() throws {
    let variable = try SpecPieces.report(length: SpecPieces.batchLongest())
    for reference in try RealClip.all() {
      let source = ClipSource.file(Shared.path("corpora/ravdess/\(reference.file)"))
      let longer = Tone.source(count: reference.samples + 20000)
      let store = try FeatureStore(
        [source, longer], pipeline: variable, features: ["spectral", "mel_image"], threads: 2)
      let batch = store.batch(of: [0, 1])
      let values = zip(batch.shapes, batch.values).map { Array($1.prefix($0.reduce(1, *))) }
      check(values, reference.padded, "\(reference.file), padded")
    }
  }

  private func check(_ values: [[Float]], _ figures: RealClip.Figures, _ name: String) {
    let rows = means(values[0], rows: 27)
    for row in 0..<27 {
      // A row's deviation stands for its range.
      let allowed = 1e-3 * max(figures.deviation[row], 1e-3)
      #expect(abs(rows[row].mean - figures.mean[row]) < allowed, "\(name): row \(row)")
      #expect(abs(rows[row].deviation - figures.deviation[row]) < allowed, "\(name): row \(row)")
      #expect(abs(rows[row].last - figures.last[row]) < allowed, "\(name): row \(row)")
    }
    let image = means(values[1], rows: 64).map(\.mean)
    #expect(zip(image, figures.rows).allSatisfy { abs($0 - $1) < 1e-4 }, "\(name): image")
    let columns = (0..<64).map { column in (0..<64).reduce(0) { $0 + Double(values[1][$1 * 64 + column]) } / 64 }
    #expect(zip(columns, figures.columns).allSatisfy { abs($0 - $1) < 1e-4 }, "\(name): image")
  }

  private func means(_ values: [Float], rows: Int) -> [(mean: Double, deviation: Double, last: Double)] {
    let count = values.count / rows
    return (0..<rows).map { row in
      let values = values[row * count..<(row + 1) * count].map { Double($0) }
      let mean = values.reduce(0, +) / Double(count)
      let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
      return (mean, square.squareRoot(), values[count - 1])
    }
  }
}

/// An entry of real_clips.json, which make_real_clips.py makes.
private struct RealClip: Decodable {
  struct Figures: Decodable {
    let mean: [Double]
    let deviation: [Double]
    let last: [Double]
    let rows: [Double]
    let columns: [Double]
  }

  let file: String
  let samples: Int
  /// Cut or padded to 3 s.
  let fixed: Figures
  /// With 20,000 zeros behind.
  let padded: Figures

  static func all() throws -> [RealClip] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/real_clips.json")
    return try JSONDecoder().decode([RealClip].self, from: Data(contentsOf: file))
  }
}
