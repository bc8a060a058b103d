import Diagnostics
import Spec

/// Puts the clips of joined corpora into one list: corpus after corpus, each in its own order, classes by name.
///
/// Names of clips, speakers and sentences get the corpus's name before them, so that those of different corpora never are
/// the same. Clips of classes that the joined corpus does not have are left out and counted. Throws a `DiagnosticFailure` with
/// `data.class_empty` where a class has no clips in any of the corpora.
func join(_ scans: [(corpus: CorpusSpec, scan: CorpusScan)], as joined: CorpusSpec) throws -> CorpusScan {
  let classNames = joined.classes.map(\.name)
  let renamed = Dictionary(
    joined.labels.map { ($0.code.value, $0.target) }, uniquingKeysWith: { first, _ in first })
  var clips: [ClipReference] = []
  var warnings: [Diagnostic] = []
  for (corpus, scan) in scans {
    /// The joint class of each class of the corpus.
    let indices = corpus.classes.map { entry -> Int? in
      guard let target = renamed[entry.name] else { return classNames.firstIndex(of: entry.name) }
      return target.flatMap(classNames.firstIndex)
    }
    var dropped = Array(repeating: 0, count: indices.count)
    for clip in scan.clips {
      guard let index = indices[clip.classIndex] else {
        dropped[clip.classIndex] += 1
        continue
      }
      clips.append(clip.joined(classIndex: index, label: classNames[index]))
    }
    warnings += scan.warnings
    for (entry, count) in zip(corpus.classes, dropped) where count > 0 && renamed[entry.name] == nil {
      warnings.append(
        Diagnostic(
          "data.class_dropped", .warning,
          "\(count) clips of class '\(entry.name)' of corpus '\(corpus.name)' left out: no joint class of this name",
          detail:
            "The joint classes are \(classNames.joined(separator: ", ")). To use the clips, list the class under `classes` "
            + "or give it another name under `labels`; `\(entry.name): ~` there says that this is meant.",
          at: joined.span, suggestion: nearest(entry.name, in: classNames)))
    }
  }
  let present = Set(clips.map(\.classIndex))
  let empty = joined.classes.indices.filter { !present.contains($0) }
  guard empty.isEmpty else {
    throw DiagnosticFailure(
      empty.map { index in
        Diagnostic(
          "data.class_empty", .error, "class \(classNames[index]) of corpus '\(joined.name)' has no clips",
          detail: "None of the joined corpora has a clip of it. To train without the class, leave it out of `classes`.",
          at: joined.classes[index].code.span)
      } + warnings)
  }
  return CorpusScan(
    clips: clips, warnings: warnings,
    leftOut: scans.flatMap { corpus, scan in
      scan.leftOut.map { LeftOutFile(path: "\(corpus.name)/\($0.path)", reason: $0.reason) }
    })
}

extension ClipReference {
  /// The clip as one of joined corpora.
  fileprivate func joined(classIndex: Int, label: String) -> ClipReference {
    ClipReference(
      audio: audio, relativePath: "\(corpus)/\(relativePath)", classIndex: classIndex, label: label,
      speaker: speaker.map { "\(corpus)/\($0)" }, fields: fields, corpus: corpus,
      sentence: sentence.map { "\(corpus)/\($0)" }, gender: gender, intensity: intensity, seconds: seconds)
  }
}
