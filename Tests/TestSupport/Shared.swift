import Foundation

/// The folder `shared` beside the project: recordings and file lists that are not part of it.
public enum Shared {
  /// The project's root folder.
  public static let project = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `../shared`, whether or not it is there.
  public static let folder = project.deletingLastPathComponent().appendingPathComponent("shared")

  /// Whether tests on real recordings can run. True in CI even without the folder, so that they fail there rather than skip.
  public static let isExpected =
    ProcessInfo.processInfo.environment["CI"] == "true" || FileManager.default.fileExists(atPath: folder.path)

  /// What a skipped test says.
  public static let whySkipped = "needs real recordings in ../shared, which are not here"

  /// A path below `../shared`.
  public static func path(_ relative: String) -> String { folder.appendingPathComponent(relative).path }
}
