"""Makes the reference values of the audio tests, beside itself: librosa 0.11, torchaudio 2.11, scikit-image 0.26, soundfile.

The sounds are made here, from formulas. Values are raw little-endian float32, row-major.
"""
import os
import numpy as np
import soundfile as sf
import torch

torch.version.cuda = "13.0"  # the wheels of torch and torchaudio may differ in CUDA's minor number; no GPU is used
import librosa
import skimage.transform
import torchaudio

here = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(here, name)


def save(name, values):
    np.ascontiguousarray(values, dtype="<f4").tofile(path(name))


def voice(rate=16000, seconds=0.8):
    """A gliding harmonic tone with a pause of digital silence and some noise."""
    t = np.arange(int(rate * seconds)) / rate
    pitch = 2 * np.pi * np.cumsum(150 + 60 * np.sin(5 * t)) / rate
    x = sum(np.sin(k * pitch) / k for k in range(1, 20)) * np.hanning(len(t)) * 0.2
    x += 0.002 * np.random.RandomState(1).randn(len(t))
    x[len(t) // 2 : len(t) // 2 + 1500] = 0
    return x


# Encodings: two channels, 300 frames, full scale reached.
t = np.arange(300)
stereo = np.stack([np.sin(t / 9), 0.5 * np.cos(t / 23) - 0.25], 1)
for name, kind, subtype in [
    ("pcm8.wav", "WAV", "PCM_U8"), ("pcm16.wav", "WAV", "PCM_16"), ("pcm24.wav", "WAV", "PCM_24"),
    ("pcm32.wav", "WAV", "PCM_32"), ("float32.wav", "WAV", "FLOAT"), ("float64.wav", "WAV", "DOUBLE"),
    ("extensible.wav", "WAVEX", "PCM_24"), ("flac16.flac", "FLAC", "PCM_16"), ("flac24.flac", "FLAC", "PCM_24"),
]:
    sf.write(path(name), stereo, 22050, format=kind, subtype=subtype)
    save(name + ".f32", sf.read(path(name), dtype="float32", always_2d=True)[0].T)
sf.write(path("mulaw.wav"), stereo, 22050, format="WAV", subtype="ULAW")

sf.write(path("voice.wav"), voice(), 16000, subtype="PCM_16")
y, _ = sf.read(path("voice.wav"), dtype="float32")

for a, b in [(48000, 16000), (44100, 16000), (22050, 16000), (8000, 16000), (16000, 11025), (16000, 16001)]:
    save(f"resample_{a}_{b}.f32", torchaudio.transforms.Resample(a, b)(torch.from_numpy(y[3000:4000])).numpy())

w = torch.from_numpy(y)
save("z_score.f32", ((w - w.mean()) / w.std()).numpy()[3000:4000])

frames = dict(frame_length=512, hop_length=160)
fft = dict(sr=16000, n_fft=512, hop_length=160)
save("zero_crossing_rate.f32", librosa.feature.zero_crossing_rate(y, **frames))
save("rms.f32", librosa.feature.rms(y=y, **frames))
save("rms_odd.f32", librosa.feature.rms(y=y, frame_length=401, hop_length=100))
save("chroma.f32", librosa.feature.chroma_stft(y=y, **fft))
save("chroma_24.f32", librosa.feature.chroma_stft(y=y, sr=16000, n_fft=2048, hop_length=512, n_chroma=24, tuning=0.25))
save("mfcc.f32", librosa.feature.mfcc(y=y, n_mfcc=13, **fft))
slaney = librosa.feature.melspectrogram(y=y, n_mels=40, fmin=50, fmax=7000, **fft)
save("mel_slaney.f32", slaney)
save("mel_slaney_db.f32", librosa.power_to_db(slaney, ref=np.max))
save("mel_slaney_db_40.f32", librosa.power_to_db(slaney, ref=2.0, amin=1e-3, top_db=40))
htk = torchaudio.transforms.MelSpectrogram(16000, n_fft=1024, hop_length=256, n_mels=64, f_max=10000)(w)
save("mel_htk.f32", htk.numpy())
log = torch.log(htk + 1e-6)
image = ((log - log.min()) / (log.max() - log.min())).numpy()
save("mel_image.f32", skimage.transform.resize(image, (64, 64), anti_aliasing=True, mode="reflect"))

small = np.random.RandomState(2).rand(5, 7).astype("f")
save("resize_input.f32", small)
for height, width in [(3, 4), (5, 20), (12, 3), (2, 1), (9, 7)]:
    save(f"resize_{height}_{width}.f32", skimage.transform.resize(small, (height, width), anti_aliasing=True, mode="reflect"))

# Tuning: harmonic tones off the scale by known fractions of a semitone, and what librosa says of them.
deviations = np.array([-0.2, 0.0, 0.3])
answers = []
for deviation in deviations:
    t = np.arange(8000) / 16000
    tone = sum(np.sin(2 * np.pi * k * 220 * 2 ** (deviation / 12) * t) / k for k in range(1, 8)).astype("f")
    save(f"tone_{len(answers)}.f32", tone[:4000])
    power = np.abs(librosa.stft(tone[:4000], n_fft=2048, hop_length=512)) ** 2
    answers.append(librosa.estimate_tuning(S=power, sr=16000, n_fft=2048, bins_per_octave=12))
save("tunings.f32", np.array(answers))
