import Audio

/// A waveform under analysis, with what its features share. Used by one thread.
final class WaveformAnalysis {
  /// The waveform, padded when it is first asked for.
  private(set) lazy var samples =
    length == waveform.count ? waveform : waveform + [Float](repeating: 0, count: length - waveform.count)
  private let waveform: [Float]
  private let length: Int
  private var spectrograms: [PowerSpectrogram: TiledFrames] = [:]
  private var magnitudes: [PowerSpectrogram: FeatureMatrix] = [:]

  /// An analysis of `waveform` with zeros appended to `length` samples.
  init(_ waveform: [Float], paddedTo length: Int) {
    (self.waveform, self.length) = (waveform, length)
  }

  /// An analysis of `waveform` as it is.
  convenience init(_ waveform: [Float]) { self.init(waveform, paddedTo: waveform.count) }

  /// The spectrogram of the waveform, computed once.
  func power(_ spectrogram: PowerSpectrogram) -> TiledFrames {
    if let known = spectrograms[spectrogram] { return known }
    let made = spectrogram(samples)
    spectrograms[spectrogram] = made
    return made
  }

  /// The magnitudes of such a spectrogram, computed once.
  func magnitude(_ spectrogram: PowerSpectrogram) -> FeatureMatrix {
    if let known = magnitudes[spectrogram] { return known }
    let made = spectrogram.magnitudes(samples)
    magnitudes[spectrogram] = made
    return made
  }
}
