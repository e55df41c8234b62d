"""Step S in PyTorch: one Llama-style training step a line of standard input.

Driven by the benchmark harness, which starts it with two threads and the widest vectors and interleaves its rounds
with ours. The folder given holds config.json, model.safetensors and ids.bin (int64, rows x tokens). Each input line
asks for one step; the answer is one line of JSON with its milliseconds and its loss.
"""

import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F


def load_safetensors(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        data = bytearray(file.read())
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        start, end = entry["data_offsets"]
        flat = torch.frombuffer(data, dtype=torch.float32, count=(end - start) // 4, offset=start)
        tensors[name] = flat.clone().view(entry["shape"]).requires_grad_()
    return tensors


class Decoder:
    def __init__(self, config, weights, tokens):
        self.config, self.weights = config, weights
        self.heads = config["num_attention_heads"]
        self.head_dim = config["hidden_size"] // self.heads
        half = self.head_dim // 2
        inverse = config.get("rope_theta", 10000.0) ** (-torch.arange(0, half, dtype=torch.float32) / half)
        angles = torch.outer(torch.arange(tokens, dtype=torch.float32), inverse)
        self.cos, self.sin = angles.cos().repeat(1, 2), angles.sin().repeat(1, 2)
        self.mask = torch.full((tokens, tokens), float("-inf")).triu(1)

    def norm(self, x, name):
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config["rms_norm_eps"])
        return x * scale * self.weights[name + ".weight"]

    def linear(self, x, name):
        return F.linear(x, self.weights[name + ".weight"])

    def rotate(self, x):
        first, second = x.chunk(2, dim=-1)
        return x * self.cos + torch.cat((-second, first), dim=-1) * self.sin

    def attention(self, x, name):
        rows, tokens, hidden = x.shape
        q, k, v = (self.linear(x, f"{name}.{p}_proj").view(rows, tokens, self.heads, self.head_dim).transpose(1, 2) for p in "qkv")
        q, k = self.rotate(q), self.rotate(k)
        scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(self.head_dim)) + self.mask
        mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(rows, tokens, hidden)
        return self.linear(mixed, name + ".o_proj")

    def feed_forward(self, x, name):
        gated = F.silu(self.linear(x, name + ".gate_proj")) * self.linear(x, name + ".up_proj")
        return self.linear(gated, name + ".down_proj")

    def loss(self, ids):
        x = F.embedding(ids, self.weights["model.embed_tokens.weight"])
        for layer in range(self.config["num_hidden_layers"]):
            name = f"model.layers.{layer}"
            x = x + self.attention(self.norm(x, name + ".input_layernorm"), name + ".self_attn")
            x = x + self.feed_forward(self.norm(x, name + ".post_attention_layernorm"), name + ".mlp")
        logits = self.linear(self.norm(x, "model.norm")[:, :-1], "lm_head")
        return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))


def main():
    folder, rows, tokens = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    with open(os.path.join(folder, "ids.bin"), "rb") as file:
        ids = torch.frombuffer(bytearray(file.read()), dtype=torch.int64).view(rows, tokens)
    weights = load_safetensors(os.path.join(folder, "model.safetensors"))
    model = Decoder(config, weights, tokens)
    optimizer = torch.optim.AdamW(list(weights.values()), lr=1e-3, weight_decay=0.01)
    capability = os.environ.get("ATEN_CPU_CAPABILITY", "default")
    print(json.dumps({"settings": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {capability}"}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(ids)
        loss.backward()
        optimizer.step()
        milliseconds = (time.perf_counter() - start) * 1000
        print(json.dumps({"milliseconds": milliseconds, "loss": loss.item()}), flush=True)


main()
