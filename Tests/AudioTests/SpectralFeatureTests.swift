import Audio
import Testing

/// Against librosa and torchaudio on a clip with a pause of digital silence.
@Suite struct SpectralFeatureTests {
  private let frames = FramedSignal(length: 512, hop: 160)
  private let spectrogram = PowerSpectrogram(length: 512, hop: 160, padding: .constant)

  @Test func zeroCrossingRate() throws {
    let rate = frames.zeroCrossingRate(try Fixture.voice())
    #expect(rate.values == (try Fixture.floats("zero_crossing_rate.f32")))
  }

  @Test func rootMeanSquare() throws {
    #expect(largestShare(frames.rootMeanSquare(try Fixture.voice()), try Fixture.floats("rms.f32")) < 1e-6)
    let odd = FramedSignal(length: 401, hop: 100).rootMeanSquare(try Fixture.voice())
    #expect(largestShare(odd, try Fixture.floats("rms_odd.f32")) < 1e-6)
  }

  @Test func chroma() throws {
    let chroma = Chroma(sampleRate: 16000, length: 512)(spectrogram(try Fixture.voice()))
    #expect(chroma.rows == 12)
    #expect(largestShare(chroma, try Fixture.floats("chroma.f32")) < 1e-4)
  }

  @Test func chromaOfKnownTuning() throws {
    let power = PowerSpectrogram(length: 2048, hop: 512, padding: .constant)(try Fixture.voice())
    let chroma = Chroma(sampleRate: 16000, length: 2048, classes: 24, tuning: 0.25)(power)
    #expect(largestShare(chroma, try Fixture.floats("chroma_24.f32")) < 1e-4)
  }

  @Test(arguments: 0..<3)
  func tuning(index: Int) throws {
    let power = PowerSpectrogram(length: 2048, hop: 512, padding: .constant)(try Fixture.floats("tone_\(index).f32"))
    let tuning = Tuning.estimate(power, rate: 16000, length: 2048, binsPerOctave: 12)
    #expect(abs(Float(tuning) - (try Fixture.floats("tunings.f32")[index])) < 1e-6)
  }

  @Test func tuningOfSilenceIsZero() {
    #expect(
      Tuning.estimate(spectrogram([Float](repeating: 0, count: 2000)), rate: 16000, length: 512, binsPerOctave: 12) == 0
    )
  }

  @Test(arguments: [[3, 1, 2], [4, 1, 3, 2], [5], [2, 2, 2, 2, 1], [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]])
  func median(values: [Float]) {
    let sorted = values.sorted()
    let half = sorted.count / 2
    #expect(Tuning.median(values) == (sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2))
  }

  @Test func melBands() throws {
    let slaney = MelFilterBank(
      sampleRate: 16000, length: 512, bands: 40, lowest: 50, highest: 7000, scale: .slaney, areaNormalized: true)
    let mel = slaney.matrix.multiply(spectrogram(try Fixture.voice())).matrix
    #expect(largestShare(mel, try Fixture.floats("mel_slaney.f32")) < 1e-5)
    #expect(largestShare(try melOfTorchaudio(), try Fixture.floats("mel_htk.f32")) < 1e-4)
  }

  @Test func decibels() throws {
    var mel = FeatureMatrix(rows: 40, frames: 81, values: try Fixture.floats("mel_slaney.f32"))
    Decibels.power(&mel.values, reference: .maximum, floor: 1e-10, topDecibels: 80)
    #expect(largestDifference(mel.values, try Fixture.floats("mel_slaney_db.f32")) < 1e-4)
    mel.values = try Fixture.floats("mel_slaney.f32")
    Decibels.power(&mel.values, reference: .value(2), floor: 1e-3, topDecibels: 40)
    #expect(largestDifference(mel.values, try Fixture.floats("mel_slaney_db_40.f32")) < 1e-4)
  }

  @Test func cepstrum() throws {
    let bank = MelFilterBank(
      sampleRate: 16000, length: 512, bands: 128, lowest: 0, highest: 8000, scale: .slaney, areaNormalized: true)
    var mel = bank.matrix.multiply(spectrogram(try Fixture.voice())).matrix
    Decibels.power(&mel.values, reference: .value(1), floor: 1e-10, topDecibels: 80)
    let cepstrum = Decibels.cosineTransform(coefficients: 13, of: 128).multiply(mel)
    #expect(largestShare(cepstrum, try Fixture.floats("mfcc.f32")) < 1e-4)
  }

  @Test func image() throws {
    var mel = try melOfTorchaudio()
    Decibels.naturalLogarithm(&mel.values, offset: 1e-6)
    Normalization.minMax(&mel.values)
    let image = ImageResize(height: 64, width: 64)(mel)
    #expect(largestDifference(image.values, try Fixture.floats("mel_image.f32")) < 1e-4)
  }

  @Test func paddingIsSilentFrames() throws {
    // The frames of a padded clip are those of the clip, then silence: what lets a batch skip them.
    let sound = try Fixture.voice()
    let (short, long) = (
      spectrogram(sound).matrix, spectrogram(sound + [Float](repeating: 0, count: 3200)).matrix
    )
    #expect(long.frames == short.frames + 20)
    #expect((0..<257).allSatisfy { Array(long.row($0).prefix(short.frames)) == Array(short.row($0)) })
    #expect((0..<257).allSatisfy { long.row($0).suffix(18).allSatisfy { $0 == 0 } })
  }

  private func melOfTorchaudio() throws -> FeatureMatrix {
    let bank = MelFilterBank(
      sampleRate: 16000, length: 1024, bands: 64, lowest: 0, highest: 10000, scale: .htk, areaNormalized: false)
    return bank.matrix.multiply(PowerSpectrogram(length: 1024, hop: 256, padding: .reflect)(try Fixture.voice())).matrix
  }
}
