import CKernels
import Diagnostics
import Foundation

/// Reads sound files.
public enum AudioDecoder {
  /// More samples than this over all channels (1 GiB of floats) are not read.
  public static let largestSampleCount = 1 << 28

  /// A decoded file, and how it was kept.
  public struct File: Sendable {
    public let clip: Clip
    public let format: AudioFormat
  }

  /// Reads the WAV or FLAC file at `path` as floats in [-1, 1] at its own rate, scaled as libsndfile does: an integer sample
  /// of b bits is divided by 2^(b-1).
  ///
  /// Throws a `DiagnosticFailure` of one finding with an id `data.audio_*` that names the file where it is missing, not a regular file,
  /// unreadable, empty, of another format or encoding, damaged, cut short, without samples, too long, not finite or silent.
  public static func decode(path: String) throws -> Clip { try read(path: path).clip }

  /// The same with the file's format.
  public static func read(path: String) throws -> File {
    do {
      return try read(path)
    } catch {
      throw DiagnosticFailure([error.diagnostic(path: path)])
    }
  }

  private static func read(_ path: String) throws(AudioProblem) -> File {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR ? .missing : .unreadable(String(cString: strerror(code)))
    }
    defer { close(descriptor) }
    let size = try regularSize(descriptor)
    let header = try AudioHeader(descriptor: descriptor, size: size)
    guard header.frames <= largestSampleCount / header.format.channels else {
      throw .tooLong(frames: header.frames, channels: header.format.channels)
    }
    let samples =
      switch header.format.container {
      case .wav: try WaveSamples.interleaved(descriptor, header)
      case .flac: try FLACSamples.interleaved(descriptor, header, size: size)
      }
    let channels = planes(samples, count: header.format.channels)
    try check(channels)
    return File(clip: Clip(channels: channels, rate: header.format.rate), format: header.format)
  }

  private static func regularSize(_ descriptor: Int32) throws(AudioProblem) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .notAFile("a folder")
    case S_IFIFO: throw .notAFile("a FIFO")
    case S_IFSOCK: throw .notAFile("a socket")
    default: throw .notAFile("a device")
    }
    guard status.st_size > 0 else { throw .emptyFile }
    return Int(status.st_size)
  }

  /// The samples of each channel.
  private static func planes(_ interleaved: [Float], count channels: Int) -> [[Float]] {
    if channels == 1 { return [interleaved] }
    let frames = interleaved.count / channels
    return (0..<channels).map { channel in
      [Float](unsafeUninitializedCapacity: frames) { plane, filled in
        for frame in 0..<frames { plane.initializeElement(at: frame, to: interleaved[frame * channels + channel]) }
        filled = frames
      }
    }
  }

  private static func check(_ channels: [[Float]]) throws(AudioProblem) {
    var constant = true
    for (index, samples) in channels.enumerated() {
      if audio_all_finite(samples, samples.count) == 0, let frame = samples.firstIndex(where: { !$0.isFinite }) {
        throw .notFinite(channel: index, frame: frame)
      }
      constant = constant && samples.allSatisfy { $0 == samples[0] }
    }
    if channels[0].count == 1 { throw .oneSample }
    if constant { throw .silent }
  }
}
