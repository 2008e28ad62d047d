#!/usr/bin/env python3
"""Llama in numpy and float64, after the transformers library's formulas, apart from Jaxon's code.

reference_llama.py make DIR     writes small models of four kinds, tokens and reference logits; one of
                                them as PyTorch does, by Python's own pickle
reference_llama.py check DIR    holds logits.safetensors and gradients.safetensors of each against
                                the reference: gradients against slopes of the loss
"""
import collections
import io
import json
import math
import os
import pickle
import struct
import sys
import types
import zipfile

import numpy as np

DTYPES = {"F32": np.float32, "F64": np.float64}
COMMON = dict(
    architectures=["LlamaForCausalLM"], model_type="llama", hidden_act="silu", attention_bias=False,
    mlp_bias=False, bos_token_id=1, eos_token_id=2, torch_dtype="float32", max_position_embeddings=4096)
STRETCH = dict(
    rope_type="llama3", factor=32.0, low_freq_factor=1.0, high_freq_factor=4.0,
    original_max_position_embeddings=64)
MODELS = {
    "llama2": dict(
        COMMON, vocab_size=97, hidden_size=64, intermediate_size=144, num_hidden_layers=3,
        num_attention_heads=4, num_key_value_heads=4, head_dim=16, rms_norm_eps=1e-5,
        rope_theta=10000.0, rope_scaling=None, tie_word_embeddings=False),
    "llama3": dict(
        COMMON, vocab_size=130, hidden_size=48, intermediate_size=100, num_hidden_layers=2,
        num_attention_heads=6, num_key_value_heads=2, head_dim=16, rms_norm_eps=1e-6,
        rope_theta=500000.0, rope_scaling=None, tie_word_embeddings=False),
    "llama3.1": dict(
        COMMON, vocab_size=110, hidden_size=48, intermediate_size=112, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, rms_norm_eps=1e-5,
        rope_theta=500000.0, rope_scaling=dict(STRETCH, factor=8.0), tie_word_embeddings=False),
    "llama3.2": dict(
        COMMON, vocab_size=101, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, head_dim=16, rms_norm_eps=1e-5,
        rope_theta=500000.0, rope_scaling=STRETCH, tie_word_embeddings=True),
}


def load(path):
    data = open(path, "rb").read()
    n = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:8 + n]).items():
        if name != "__metadata__":
            begin, end = (8 + n + offset for offset in entry["data_offsets"])
            values = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]])
            tensors[name] = values.reshape(entry["shape"]).astype(np.float64)
    return tensors


def save(path, tensors, dtype):
    header, blobs, offset = {"__metadata__": {"format": "pt"}}, [], 0
    for name, values in tensors.items():
        blobs.append(np.ascontiguousarray(values, DTYPES[dtype]).tobytes())
        end = offset + len(blobs[-1])
        header[name] = dict(dtype=dtype, shape=list(values.shape), data_offsets=[offset, end])
        offset = end
    text = json.dumps(header).encode()
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


class Storage:
    def __init__(self, key, values):
        self.key, self.values = key, values


class Tensor:
    """Pickled as PyTorch's tensors are: a call of a function that is not here."""

    def __init__(self, storage, offset, size, stride):
        self.arguments = storage, offset, size, stride, False, collections.OrderedDict()

    def __reduce__(self):
        return sys.modules["torch._utils"]._rebuild_tensor_v2, self.arguments


class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            kind = sys.modules["torch"].FloatStorage
            return "storage", kind, value.key, "cpu", value.values.size
        return None


def save_pytorch(path, tensors):
    """As torch.save does, of a state dict; every second matrix is a view of its transpose."""
    for module, name in (("torch", "FloatStorage"), ("torch._utils", "_rebuild_tensor_v2")):
        sys.modules[module] = types.ModuleType(module)
        kind = type(name, (), {"__module__": module})
        setattr(sys.modules[module], name, kind)
    state, storages = collections.OrderedDict(), []
    for i, (name, values) in enumerate(tensors.items()):
        values = values.astype("<f4")
        turned = i % 2 == 1 and values.ndim == 2
        held = np.ascontiguousarray(values.T if turned else values)
        strides = tuple(s // 4 for s in (held.T if turned else held).strides)
        storages.append(Storage(str(i), held))
        state[name] = Tensor(storages[-1], 0, values.shape, strides)
    state._metadata = collections.OrderedDict([("", {"version": 1})])
    pickled = io.BytesIO()
    Pickler(pickled, protocol=2).dump(state)
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("archive/data.pkl", pickled.getvalue())
        out.writestr("archive/byteorder", "little")
        for storage in storages:
            out.writestr("archive/data/" + storage.key, storage.values.tobytes())
        out.writestr("archive/version", "3\n")


def shapes(c):
    d, m, v = c["hidden_size"], c["intermediate_size"], c["vocab_size"]
    q, k = (c[key] * c["head_dim"] for key in ("num_attention_heads", "num_key_value_heads"))
    found = {"model.embed_tokens.weight": (v, d)}
    for layer in range(c["num_hidden_layers"]):
        inner = {
            "input_layernorm": (d,), "self_attn.q_proj": (q, d), "self_attn.k_proj": (k, d),
            "self_attn.v_proj": (k, d), "self_attn.o_proj": (d, q), "post_attention_layernorm": (d,),
            "mlp.gate_proj": (m, d), "mlp.up_proj": (m, d), "mlp.down_proj": (d, m)}
        found.update({f"model.layers.{layer}.{name}.weight": s for name, s in inner.items()})
    found["model.norm.weight"] = (d,)
    if not c["tie_word_embeddings"]:
        found["lm_head.weight"] = (v, d)
    return found


def frequencies(c):
    f = 1 / c["rope_theta"] ** (np.arange(0, c["head_dim"], 2) / c["head_dim"])
    s = c["rope_scaling"]
    if s is None:
        return f
    old, low, high = s["original_max_position_embeddings"], s["low_freq_factor"], s["high_freq_factor"]
    wavelength = 2 * math.pi / f
    smooth = (old / wavelength - low) / (high - low)
    between = (1 - smooth) * f / s["factor"] + smooth * f
    slow = np.where(wavelength > old / low, f / s["factor"], between)
    return np.where(wavelength < old / high, f, slow)


def forward(c, w, ids):
    n, heads, groups, width = len(ids), c["num_attention_heads"], c["num_key_value_heads"], c["head_dim"]
    angles = np.tile(np.outer(np.arange(n), frequencies(c)), 2)
    cos, sin = np.cos(angles), np.sin(angles)
    mask = np.triu(np.full((n, n), -np.inf), 1)

    def norm(x, scale):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + c["rms_norm_eps"]) * scale

    def turned(x):
        return x * cos + np.concatenate([-x[..., width // 2:], x[..., :width // 2]], -1) * sin

    x = w["model.embed_tokens.weight"][ids]
    for layer in range(c["num_hidden_layers"]):
        def p(name):
            return w[f"model.layers.{layer}.{name}.weight"]

        h = norm(x, p("input_layernorm"))
        q = (h @ p("self_attn.q_proj").T).reshape(n, heads, width).transpose(1, 0, 2)
        k = (h @ p("self_attn.k_proj").T).reshape(n, groups, width).transpose(1, 0, 2)
        v = (h @ p("self_attn.v_proj").T).reshape(n, groups, width).transpose(1, 0, 2)
        k, v = (np.repeat(t, heads // groups, 0) for t in (turned(k), v))
        scores = turned(q) @ k.transpose(0, 2, 1) / math.sqrt(width) + mask
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        context = (weights / weights.sum(-1, keepdims=True)) @ v
        x = x + context.transpose(1, 0, 2).reshape(n, heads * width) @ p("self_attn.o_proj").T
        h = norm(x, p("post_attention_layernorm"))
        gate = h @ p("mlp.gate_proj").T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ p("mlp.up_proj").T)) @ p("mlp.down_proj").T
    head = "model.embed_tokens.weight" if c["tie_word_embeddings"] else "lm_head.weight"
    return norm(x, w["model.norm.weight"]) @ w[head].T


def loss(c, w, ids):
    logits = forward(c, w, ids)[:-1]
    most = logits.max(-1)
    normalizer = most + np.log(np.exp(logits - most[:, None]).sum(-1))
    return (normalizer - logits[np.arange(len(ids) - 1), ids[1:]]).mean()


def make(place):
    random = np.random.default_rng(7)
    for name, c in MODELS.items():
        directory = os.path.join(place, name)
        os.makedirs(directory, exist_ok=True)
        w = {}
        for key, s in shapes(c).items():
            values = random.standard_normal(s)
            values = 1 + 0.2 * values if len(s) == 1 else values * 1.2 / math.sqrt(s[1])
            w[key] = values.astype(np.float32).astype(np.float64)
        lists = {k: random.integers(0, c["vocab_size"], n) for k, n in (("long", 317), ("short", 3))}
        with open(os.path.join(directory, "config.json"), "w") as out:
            json.dump(c, out, indent=2)
        with open(os.path.join(directory, "tokens.json"), "w") as out:
            json.dump({k: ids.tolist() for k, ids in lists.items()}, out)
        save(os.path.join(directory, "weights"), w, "F32")
        if name == "llama3.1":
            save_pytorch(os.path.join(directory, "pytorch_model.bin"), w)
        else:
            save(os.path.join(directory, "model.safetensors"), w, "F32")
        logits = {"logits_" + k: forward(c, w, ids) for k, ids in lists.items()}
        save(os.path.join(directory, "reference.safetensors"), logits, "F64")


def check(place):
    good = True
    for name, c in MODELS.items():
        directory = os.path.join(place, name)
        w = load(os.path.join(directory, "weights"))
        found = load(os.path.join(directory, "logits.safetensors"))
        expected = load(os.path.join(directory, "reference.safetensors"))
        off = max(np.abs(found[k] - expected[k]).max() for k in expected)
        gradient = load(os.path.join(directory, "gradients.safetensors"))
        with open(os.path.join(directory, "tokens.json")) as file:
            ids = np.array(json.load(file)["long"])
        assert {k: g.shape for k, g in gradient.items()} == shapes(c)
        random = np.random.default_rng(3)
        slope_off = 0
        for key, values in w.items():
            size = np.linalg.norm(gradient[key])
            way = random.standard_normal(values.shape)
            way = way / np.linalg.norm(way) + 0.5 * gradient[key] / size
            losses = []
            for step in (1e-5, -1e-5):
                w[key] = values + step * way
                losses.append(loss(c, w, ids))
            w[key] = values
            slope = (losses[0] - losses[1]) / 2e-5
            slope_off = max(slope_off, abs(slope - (gradient[key] * way).sum()) / size)
        good &= off <= 3e-4 and slope_off <= 1e-4
        print(f"{name}: logits off by {off:.1e} (3e-4 allowed), gradients by {slope_off:.1e} of their norm (1e-4)")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](sys.argv[2])
