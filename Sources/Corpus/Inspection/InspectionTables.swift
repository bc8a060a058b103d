import Spec

/// Counts and durations of an inspected corpus, as `doctor` tabulates them.
public struct InspectionTables: Sendable {
  /// Clips that have something in common. Durations are those of the files that can be decoded.
  public struct Group: Sendable {
    /// The class code or the speaker.
    public let key: String
    /// The name of the class; that of the key for speakers.
    public let name: String
    public let clips: Int
    /// How many speakers of a class, or classes of a speaker.
    public let others: Int
    /// In rising order.
    public let seconds: [Double]
    /// The mean of the clips' RMS levels, in dB relative to full scale; nil where none can be decoded.
    public let level: Double?

    public var totalSeconds: Double { seconds.reduce(0, +) }
    public var meanSeconds: Double? { seconds.isEmpty ? nil : totalSeconds / Double(seconds.count) }
  }

  /// What a fixed length does to the clips.
  public struct FixedLength: Sendable {
    public let seconds: Double
    /// How many clips lose their end, and how much they lose together.
    public let cut: Int
    public let cutSeconds: Double
    /// How many clips get zeros appended, and how many together.
    public let padded: Int
    public let paddedSeconds: Double
  }

  /// In index order.
  public let classes: [Group]
  /// By name; empty where the corpus does not tell speakers.
  public let speakers: [Group]
  /// The most frequent first.
  public let formats: [(format: String, clips: Int)]
  /// Of all clips that can be decoded, in rising order.
  public let seconds: [Double]
  public let fixedLength: FixedLength?

  /// The tables of an inspection.
  public init(_ inspection: CorpusInspection, corpus: CorpusSpec) {
    let clips = inspection.clips
    let sounds = inspection.measurements
    func group(_ key: String, _ name: String, _ members: [Int], _ others: Int) -> Group {
      let measured = members.compactMap { sounds[$0] }
      return Group(
        key: key, name: name, clips: members.count, others: others, seconds: measured.map(\.seconds).sorted(),
        level: measured.isEmpty ? nil : measured.reduce(0) { $0 + $1.level } / Double(measured.count))
    }
    let byClass = Dictionary(grouping: clips.indices) { clips[$0].classIndex }
    classes = corpus.classes.enumerated().map { index, entry in
      let members = byClass[index] ?? []
      return group(entry.code.value, entry.name, members, Set(members.compactMap { clips[$0].speaker }).count)
    }
    let bySpeaker = Dictionary(grouping: clips.indices.filter { clips[$0].speaker != nil }) { clips[$0].speaker ?? "" }
    speakers = bySpeaker.sorted { $0.key < $1.key }.map { speaker, members in
      group(speaker, speaker, members, Set(members.map { clips[$0].classIndex }).count)
    }
    let formatNames = sounds.compactMap { $0 }.map { sound in
      sound.format?.description ?? "\(sound.rate) Hz, \(sound.channels) channel, synthesized"
    }
    formats = formatNames.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    seconds = sounds.compactMap { $0?.seconds }.sorted()
    let lengths = sounds.compactMap { $0.map { Double($0.preparedSamples) / Double(inspection.preparedRate) } }
    fixedLength = inspection.fixedSeconds.map { fixed in
      let cut = lengths.filter { $0 > fixed }
      let padded = lengths.filter { $0 < fixed }
      return FixedLength(
        seconds: fixed, cut: cut.count, cutSeconds: cut.reduce(0) { $0 + $1 - fixed }, padded: padded.count,
        paddedSeconds: padded.reduce(0) { $0 + fixed - $1 })
    }
  }
}
