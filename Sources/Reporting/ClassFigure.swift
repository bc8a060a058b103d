import Audio
import Corpus
import Diagnostics
import Spec
import Training

/// One clip of each class of a corpus, as the report's Figure 1 shows them.
public enum ClassFigure {
  /// The figure of the corpus of `spec`: clips of one speaker, as alike in sentence and the rest as the corpus has them.
  ///
  /// - Parameter data: the corpus's folder, if it is given.
  /// - Throws: `DiagnosticFailure` where there are no clips or one cannot be read (`data.*`), or the audio part of the spec does not
  ///   fit together.
  public static func figure(_ spec: ExperimentSpec, data: String?) throws -> WaveformFigure {
    let pipeline = try FeaturePipeline(spec)
    let list = try ClipList(spec, data: data)
    let clips = ClassExamples.choose(list.clips)
    let sounds = try ClipSounds(corpus: spec.corpus, clips: clips)
    let rows = try clips.map { clip in
      let (sound, _) = try sounds.load(clip)
      return WaveformFigure.Row(
        title: spec.corpus.classes[clip.classIndex].name, subtitle: clip.relativePath,
        samples: Normalization.mono(sound.channels), rate: sound.rate)
    }
    let speakers = Set(clips.compactMap(\.speaker)).sorted()
    var about = speakers.count == 1 ? "speaker \(speakers[0]); " : ""
    about += "waveforms as recorded, each on its own scale; mel spectrograms in dB below each clip's maximum"
    if clips.contains(where: { $0.audio == .synthesized }) { about = "synthesized speech, " + about }
    return WaveformFigure(
      title: "\(spec.corpus.name): one clip of each class", subtitle: about, rows: rows,
      highest: Double(pipeline.rate) / 2)
  }
}
