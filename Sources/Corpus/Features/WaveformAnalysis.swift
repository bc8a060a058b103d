import Audio

/// A waveform under analysis, with what its features share. Used by one thread.
final class WaveformAnalysis {
  let samples: [Float]
  private var spectrograms: [PowerSpectrogram: FeatureMatrix] = [:]

  init(_ samples: [Float]) { self.samples = samples }

  /// The spectrogram of the waveform, computed once.
  func power(_ spectrogram: PowerSpectrogram) -> FeatureMatrix {
    if let known = spectrograms[spectrogram] { return known }
    let made = spectrogram(samples)
    spectrograms[spectrogram] = made
    return made
  }
}
