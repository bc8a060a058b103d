/// One clip of each class, as alike in everything else as the corpus has them: for pictures that show classes side by side.
public enum ClassExamples {
  /// A clip for each class that has any, in index order: of the speaker who speaks most classes, and with as many fields (sentence,
  /// intensity, repetition) as possible like the first one's. The first in the corpus's order where several are as good.
  public static func choose(_ clips: [ClipReference]) -> [ClipReference] {
    let byClass = Dictionary(grouping: clips, by: \.classIndex)
    let classes = byClass.keys.sorted()
    let bySpeaker = Dictionary(grouping: clips) { $0.speaker ?? "" }
    let speaker = bySpeaker.keys.sorted().max { a, b in count(bySpeaker[a] ?? []) < count(bySpeaker[b] ?? []) }
    guard let first = classes.first,
      let model = byClass[first]?.first(where: { ($0.speaker ?? "") == speaker }) ?? byClass[first]?.first
    else { return [] }
    return classes.compactMap { index in
      (byClass[index] ?? []).reduce(ClipReference?.none) { best, clip in
        guard let best else { return clip }
        return likeness(clip, model, speaker) > likeness(best, model, speaker) ? clip : best
      }
    }
  }

  private static func count(_ clips: [ClipReference]) -> Int { Set(clips.map(\.classIndex)).count }

  /// The speaker counts more than all fields together.
  private static func likeness(_ clip: ClipReference, _ model: ClipReference, _ speaker: String?) -> Int {
    let equal = zip(clip.fields, model.fields).count { $0.name == $1.name && $0.value == $1.value }
    return equal + ((clip.speaker ?? "") == speaker ? 1000 : 0)
  }
}
