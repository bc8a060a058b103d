"""Makes the reference values of FeatureReferenceTests and AudioChainTests, beside itself: librosa 0.11, torchaudio 2.11, SciPy.

The sound is ../../AudioTests/Fixtures/voice.wav (made there from a formula). Values are raw little-endian float32, row-major.
"""
import os
import numpy as np
import scipy.stats
import soundfile as sf
import torch

torch.version.cuda = "13.0"  # the wheels of torch and torchaudio may differ in CUDA's minor number; no GPU is used
import librosa
import torchaudio

here = os.path.dirname(os.path.abspath(__file__))
y, _ = sf.read(os.path.join(here, "../../AudioTests/Fixtures/voice.wav"), dtype="float32")
w = torch.from_numpy(y)


def save(name, values):
    np.ascontiguousarray(values, dtype="<f4").tofile(os.path.join(here, "sound_" + name + ".f32"))


f = librosa.feature
sr = dict(y=y, sr=16000)
fft = dict(n_fft=512, hop_length=160)
save("centroid", f.spectral_centroid(**sr, **fft))
save("centroid_default", f.spectral_centroid(**sr))
save("bandwidth", f.spectral_bandwidth(**sr, **fft))
save("bandwidth_3", f.spectral_bandwidth(**sr, **fft, p=3))
save("rolloff", f.spectral_rolloff(**sr, **fft))
save("rolloff_30", f.spectral_rolloff(**sr, **fft, roll_percent=0.3))
save("flatness", f.spectral_flatness(y=y, **fft))
save("flatness_1", f.spectral_flatness(y=y, **fft, power=1, amin=1e-6))
save("contrast", f.spectral_contrast(**sr, **fft))
save("contrast_default", f.spectral_contrast(**sr))
save("contrast_linear", f.spectral_contrast(**sr, **fft, fmin=100, n_bands=4, quantile=0.1, linear=True))
mfcc = f.mfcc(**sr, n_mfcc=13, **fft)
save("mfcc_default", f.mfcc(**sr))
save("delta", f.delta(mfcc))
save("delta_2", f.delta(mfcc, order=2, width=11))
for mode in ["nearest", "mirror", "constant", "wrap"]:
    save("delta_" + mode, f.delta(mfcc, width=5, mode=mode))
save("mfcc_deltas", np.concatenate([mfcc, f.delta(mfcc), f.delta(mfcc, order=2)]))
pitch = dict(fmin=65, fmax=500, sr=16000)
save("yin", librosa.yin(y, **pitch, frame_length=1024, hop_length=160))
save("yin_default", librosa.yin(y, **pitch))
save("yin_threshold", librosa.yin(y, **pitch, frame_length=1024, trough_threshold=0.3))
save("mel_librosa", f.melspectrogram(**sr))
save("mel_librosa_40", f.melspectrogram(**sr, **fft, n_mels=40, norm=None, fmin=100, fmax=6000))
save("mel_torchaudio", torchaudio.transforms.MelSpectrogram(16000)(w).numpy())
save("log_mel", librosa.power_to_db(f.melspectrogram(**sr)))
save("log_mel_max", librosa.power_to_db(f.melspectrogram(**sr, **fft, n_mels=40), ref=np.max, amin=1e-8, top_db=60))
save("log_mel_ln", np.log(np.maximum(f.melspectrogram(**sr, **fft, n_mels=40), 1e-10)))
torch_mel = torchaudio.transforms.MelSpectrogram(16000, n_fft=512, hop_length=160, n_mels=40)(w)
save("log_mel_torchaudio", torchaudio.transforms.AmplitudeToDB()(torch_mel).numpy())
save("mfcc_torchaudio", torchaudio.transforms.MFCC(16000)(w).numpy())
save("mfcc_torchaudio_13", torchaudio.transforms.MFCC(16000, n_mfcc=13, melkwargs=dict(n_fft=512, n_mels=40))(w).numpy())
rms = f.rms(y=y, frame_length=512, hop_length=160)
save("rms_db", librosa.amplitude_to_db(rms))
save("rms_db_max", librosa.amplitude_to_db(rms, ref=np.max, amin=1e-3, top_db=None))
save(
    "statistics",
    np.concatenate(
        [mfcc.mean(1), mfcc.std(1), mfcc.min(1), mfcc.max(1), np.median(mfcc, 1), scipy.stats.skew(mfcc, 1)]
        + [scipy.stats.kurtosis(mfcc, 1), np.percentile(mfcc, 5, axis=1), np.percentile(mfcc, 62.5, axis=1)]
    ),
)
save("z_score", (mfcc - mfcc.mean()) / mfcc.std(ddof=1))
save("z_score_row", (mfcc - mfcc.mean(1, keepdims=True)) / mfcc.std(1, ddof=1, keepdims=True))

# The audio chain. The sound between two stretches that are 50 dB softer, and in two channels.
soft = np.concatenate([y[:4000] * 0.003, y, y[4000:8000] * 0.003])
pair = np.stack([soft, np.roll(soft, 3000) * 0.5])
save("trim", librosa.effects.trim(soft)[1])
save("trim_20", librosa.effects.trim(soft, top_db=20, frame_length=512, hop_length=128)[1])
save("trim_pair", librosa.effects.trim(pair, top_db=20, frame_length=512, hop_length=128)[1])
split = dict(top_db=30, frame_length=512, hop_length=128)
save("split", librosa.effects.split(soft, **split))
save("split_pair", librosa.effects.split(pair, **split))
save("preemphasis", librosa.effects.preemphasis(y)[:1000])
save("preemphasis_5", librosa.effects.preemphasis(y, coef=0.5)[:1000])
save("peak", librosa.util.normalize(y)[:1000])
save("rms", (y * np.float32(10 ** (-26 / 20) / np.sqrt(np.mean(y.astype(np.float64) ** 2))))[:1000])
part = torch.from_numpy(y[3000:4000])
resample = torchaudio.functional.resample
save("resample_width", resample(part, 48000, 16000, lowpass_filter_width=64, rolloff=0.9475937167399596))
save("resample_kaiser", resample(part, 44100, 16000, resampling_method="sinc_interp_kaiser"))
save(
    "resample_kaiser_64",
    resample(part, 8000, 16000, 64, 0.9475937167399596, "sinc_interp_kaiser", 14.769656459379492),
)
save("resample_beta", resample(part, 48000, 16000, resampling_method="sinc_interp_kaiser", beta=5.0))
