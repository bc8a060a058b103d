import CKernels
import CSndfile
import Diagnostics
import Foundation

/// Reads sound files.
public enum AudioDecoder {
  /// More samples than this over all channels (1 GiB of floats) are not read.
  public static let largestSampleCount = 1 << 28

  /// Reads the WAV or FLAC file at `path` as floats in [-1, 1] at its own rate, scaled as libsndfile does: an integer sample
  /// of b bits is divided by 2^(b-1).
  ///
  /// Throws a `DiagnosticFailure` of one finding with an id `data.audio_*` that names the file where it is missing, not a regular file,
  /// unreadable, empty, of another format or encoding, damaged, cut short, without samples, too long, not finite or silent.
  public static func decode(path: String) throws -> Clip {
    do {
      return try read(path)
    } catch {
      throw DiagnosticFailure([error.diagnostic(path: path)])
    }
  }

  private static func read(_ path: String) throws(AudioProblem) -> Clip {
    // Without O_NONBLOCK, opening a FIFO would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      throw code == ENOENT || code == ENOTDIR ? .missing : .unreadable(String(cString: strerror(code)))
    }
    defer { close(descriptor) }
    let size = try regularSize(descriptor)
    let header = try AudioHeader(descriptor: descriptor, size: size)
    guard header.frames <= largestSampleCount / header.channels else {
      throw .tooLong(frames: header.frames, channels: header.channels)
    }
    let channels = try samples(descriptor, header)
    try check(channels)
    return Clip(channels: channels, rate: header.rate)
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
  private static func samples(_ descriptor: Int32, _ header: AudioHeader) throws(AudioProblem) -> [[Float]] {
    var info = SF_INFO()
    guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 0) else {
      throw .damagedHeader(String(cString: sf_strerror(nil)))
    }
    defer { sf_close(file) }
    guard Int(info.channels) == header.channels, Int(info.samplerate) == header.rate else {
      throw .damagedHeader("it announces \(header.channels) channels and \(header.rate) Hz, but cannot be read so")
    }
    // Memory that is never written costs nothing, so a header that lies about its length does no harm.
    let channels = header.channels
    let interleaved = [Float](unsafeUninitializedCapacity: header.frames * channels) { buffer, filled in
      filled = max(0, Int(sf_readf_float(file, buffer.baseAddress, sf_count_t(header.frames)))) * channels
    }
    let found = interleaved.count / channels
    guard found == header.frames else { throw .truncated(expected: header.frames, found: found, unit: "samples") }
    if channels == 1 { return [interleaved] }
    return (0..<channels).map { channel in
      [Float](unsafeUninitializedCapacity: found) { plane, filled in
        for frame in 0..<found { plane.initializeElement(at: frame, to: interleaved[frame * channels + channel]) }
        filled = found
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
    if constant { throw .silent }
  }
}
