import Foundation

/// Moves the mouth: turns sounds in time into tracks of formants and amplitudes.
///
/// Each sound sets its targets for its own time; smoothing the tracks then makes the transitions between sounds, and
/// fast speech undershoots its targets as real speech does (Lindblom 1963, "Spectrographic study of vowel reduction").
struct ArticulationPlan {
  private let voice: Voice
  private let precision: Float
  private let breath: Float

  init(voice: Voice, style: SpeakingStyle) {
    self.voice = voice
    precision = exp(style.articulation)
    breath = pow(10, (voice.breathiness + style.breathiness) / 20)
  }

  func apply(to frames: inout [Utterance.Frame], _ sounds: [Utterance.TimedSound]) {
    guard let first = sounds.first, let last = sounds.last else { return }
    var index = 0
    for position in frames.indices {
      let time = (Float(position) + 0.5) * Utterance.frameSeconds
      while index < sounds.count - 1, time >= sounds[index].start + sounds[index].duration { index += 1 }
      let sound = sounds[index]
      let isSpeech = time >= first.start && time < last.start + last.duration
      setMouth(&frames[position], sound, share: min(1, max(0, (time - sound.start) / sound.duration)))
      if isSpeech { setVoice(&frames[position], sound, time: time - sound.start) }
    }
    smooth(&frames, \.formants, seconds: 0.014)
    smooth(&frames, \.damping, seconds: 0.010)
    smooth(&frames, \.voicing, seconds: 0.007)
    smooth(&frames, \.aspiration, seconds: 0.005)
    addBursts(to: &frames, sounds)
  }

  private func setMouth(_ frame: inout Utterance.Frame, _ sound: Utterance.TimedSound, share: Float) {
    let phone = sound.phone
    var target = voice.isWoman ? phone.women : phone.men
    if let glide = phone.glide {
      // The first half holds the vowel, then it moves.
      target += ((voice.isWoman ? glide.women : glide.men) - target) * min(1, max(0, 2 * share - 0.7))
    }
    let neutral: SIMD3<Float> = voice.isWoman ? [560, 1680, 2800] : [500, 1500, 2500]
    if phone.isVowel { target = neutral + (target - neutral) * (sound.isStressed ? precision : 0.88 * precision) }
    frame.formants = (target * voice.tract).clamped(lowerBound: [150, 500, 1200], upperBound: [1200, 3300, 4200])
    frame.damping = phone.damping
    if let noise = phone.noise {
      frame.noiseCentre = min(7200, noise.centre * (voice.isWoman ? 1.1 : 1) * voice.tract)
      frame.noiseBandwidth = noise.bandwidth
    }
  }

  private func setVoice(_ frame: inout Utterance.Frame, _ sound: Utterance.TimedSound, time: Float) {
    let phone = sound.phone
    // Sentences grow softer towards their end; stressed syllables stand out by some 3 dB.
    let stress: Float = phone.isVowel ? (sound.isStressed ? 1.1 : 0.8) : 0.9
    let effort = stress * (1 - 0.35 * sound.progress)
    frame.voicing = phone.voicing * effort
    frame.aspiration = breath * phone.voicing * effort
    switch phone.manner {
    case .sonorant: break
    case .fricative: frame.noise = (phone.noise?.level ?? 0) * effort
    case .stop:
      // The folds are open after the burst of a voiceless stop: breath until the voice sets in.
      if phone.voicing == 0, time > closure(of: sound) { frame.aspiration = 0.16 * effort }
    }
  }

  /// How long the mouth stays shut.
  private func closure(of sound: Utterance.TimedSound) -> Float {
    sound.duration * (sound.phone.voicing == 0 ? 0.6 : 0.85)
  }

  /// Bursts last two frames and are not smoothed: their suddenness is what one hears. The noise of fricatives rises and
  /// falls over a few frames.
  private func addBursts(to frames: inout [Utterance.Frame], _ sounds: [Utterance.TimedSound]) {
    smooth(&frames, \.noise, seconds: 0.008)
    for sound in sounds where sound.phone.manner == .stop {
      guard let noise = sound.phone.noise else { continue }
      let release = Int((sound.start + closure(of: sound)) / Utterance.frameSeconds)
      for (offset, share) in [(0, Float(1)), (1, 0.5), (2, 0.15)] where frames.indices.contains(release + offset) {
        frames[release + offset].noise += noise.level * share
      }
    }
  }

  /// One-pole smoothing forward and backward, so that nothing is delayed.
  private func smooth<Value: Blendable>(
    _ frames: inout [Utterance.Frame], _ track: WritableKeyPath<Utterance.Frame, Value>, seconds: Float
  ) {
    let keep = exp(-Utterance.frameSeconds / seconds)
    guard var state = frames.first?[keyPath: track] else { return }
    for index in frames.indices {
      state = Value.blend(frames[index][keyPath: track], state, keep)
      frames[index][keyPath: track] = state
    }
    for index in frames.indices.reversed() {
      state = Value.blend(frames[index][keyPath: track], state, keep)
      frames[index][keyPath: track] = state
    }
  }
}

/// A value that a track can hold.
private protocol Blendable {
  /// `new` with the share `keep` of `old`.
  static func blend(_ new: Self, _ old: Self, _ keep: Float) -> Self
}

extension Float: Blendable {
  fileprivate static func blend(_ new: Float, _ old: Float, _ keep: Float) -> Float { new + (old - new) * keep }
}

extension SIMD3<Float>: Blendable {
  fileprivate static func blend(_ new: SIMD3<Float>, _ old: SIMD3<Float>, _ keep: Float) -> SIMD3<Float> {
    new + (old - new) * keep
  }
}
