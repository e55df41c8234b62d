"""The yardstick: the benchmarks' pieces of work in plain PyTorch, one for each line of standard input.

Driven by the harness, which starts it tuned and interleaves its rounds with ours. The folder given holds task.json,
and for a model config.json, model.safetensors, ids.bin (int64, rows x tokens) and, where adapters are trained,
lora.safetensors. Each answer is one line of JSON: milliseconds, and a number by which the two programs are compared.
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
        tensors[name] = flat.clone().view(entry["shape"])
    return tensors


class Model:
    """Weights by name, LoRA beside some of them, and a key-value cache for generation."""

    def __init__(self, folder, config, task):
        self.config = config
        self.weights = load_safetensors(os.path.join(folder, "model.safetensors"))
        self.lora, self.scale = {}, task.get("scale", 0)
        adapters = os.path.join(folder, "lora.safetensors")
        if os.path.exists(adapters):
            self.lora = load_safetensors(adapters)
        for tensor in (self.lora or self.weights).values():
            tensor.requires_grad_()
        self.cache = None
        self.place = 0

    def trained(self):
        return list((self.lora or self.weights).values())

    def adapted(self, x, y, name):
        if name + ".lora_A" not in self.lora:
            return y
        return y + F.linear(F.linear(x, self.lora[name + ".lora_A"]), self.lora[name + ".lora_B"]) * self.scale

    def attend(self, q, k, v, layer):
        """q, k, v: (rows, heads, tokens, head_dim)."""
        if self.cache is not None:
            end = self.place + k.shape[2]
            keys, values = self.cache[layer]
            keys[:, :, self.place:end] = k
            values[:, :, self.place:end] = v
            k, v = keys[:, :, :end], values[:, :, :end]
        scores = q @ k.transpose(-1, -2) * (1 / math.sqrt(q.shape[-1]))
        if q.shape[2] > 1:
            scores = scores + self.mask[: q.shape[2], : k.shape[2]]
        mixed = scores.softmax(-1) @ v
        return mixed.transpose(1, 2).reshape(q.shape[0], q.shape[2], -1)

    def loss(self, ids):
        logits = self.logits(self.states(ids)[:, :-1])
        return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), ids[:, 1:].reshape(-1))

    def open_cache(self, rows, tokens):
        heads, head_dim = self.heads, self.head_dim
        self.cache = [(torch.empty(rows, heads, tokens, head_dim), torch.empty(rows, heads, tokens, head_dim)) for _ in range(self.layers)]
        self.place = 0


class Llama(Model):
    def __init__(self, folder, config, task):
        super().__init__(folder, config, task)
        self.heads, self.layers = config["num_attention_heads"], config["num_hidden_layers"]
        self.head_dim = config["hidden_size"] // self.heads
        tokens, half = task["tokens"], self.head_dim // 2
        inverse = config.get("rope_theta", 10000.0) ** (-torch.arange(0, half, dtype=torch.float32) / half)
        angles = torch.outer(torch.arange(tokens, dtype=torch.float32), inverse)
        self.cos, self.sin = angles.cos().repeat(1, 2), angles.sin().repeat(1, 2)
        self.mask = torch.full((tokens, tokens), float("-inf")).triu(1)

    def norm(self, x, name):
        scale = torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.config["rms_norm_eps"])
        return x * scale * self.weights[name + ".weight"]

    def linear(self, x, name):
        return self.adapted(x, F.linear(x, self.weights[name + ".weight"]), name)

    def rotate(self, x):
        first, second = x.chunk(2, dim=-1)
        return x * self.cos + torch.cat((-second, first), dim=-1) * self.sin

    def attention(self, x, layer):
        rows, tokens, _ = x.shape
        name = f"model.layers.{layer}.self_attn"
        q, k, v = (self.linear(x, f"{name}.{p}_proj").view(rows, tokens, self.heads, self.head_dim).transpose(1, 2) for p in "qkv")
        return self.linear(self.attend(self.rotate(q), self.rotate(k), v, layer), name + ".o_proj")

    def feed_forward(self, x, name):
        gated = F.silu(self.linear(x, name + ".gate_proj")) * self.linear(x, name + ".up_proj")
        return self.linear(gated, name + ".down_proj")

    def states(self, ids):
        x = F.embedding(ids, self.weights["model.embed_tokens.weight"])
        for layer in range(self.layers):
            name = f"model.layers.{layer}"
            x = x + self.attention(self.norm(x, name + ".input_layernorm"), layer)
            x = x + self.feed_forward(self.norm(x, name + ".post_attention_layernorm"), name + ".mlp")
        return self.norm(x, "model.norm")

    def logits(self, x):
        return self.linear(x, "lm_head")


class Gpt2(Model):
    def __init__(self, folder, config, task):
        super().__init__(folder, config, task)
        self.heads, self.layers = config["n_head"], config["n_layer"]
        self.head_dim = config["n_embd"] // self.heads
        self.mask = torch.full((task["tokens"], task["tokens"]), float("-inf")).triu(1)

    def norm(self, x, name):
        return F.layer_norm(x, (x.shape[-1],), self.weights[name + ".weight"], self.weights[name + ".bias"], self.config["layer_norm_epsilon"])

    def linear(self, x, name):
        weight, bias = self.weights[name + ".weight"], self.weights[name + ".bias"]
        y = torch.addmm(bias, x.view(-1, x.shape[-1]), weight).view(*x.shape[:-1], weight.shape[1])
        return self.adapted(x, y, name)

    def states(self, ids):
        rows, tokens = ids.shape
        x = F.embedding(ids, self.weights["transformer.wte.weight"]) + self.weights["transformer.wpe.weight"][self.place : self.place + tokens]
        for layer in range(self.layers):
            name = f"transformer.h.{layer}"
            mixed = self.linear(self.norm(x, name + ".ln_1"), name + ".attn.c_attn")
            q, k, v = (part.view(rows, tokens, self.heads, self.head_dim).transpose(1, 2) for part in mixed.chunk(3, dim=-1))
            x = x + self.linear(self.attend(q, k, v, layer), name + ".attn.c_proj")
            inner = self.linear(self.norm(x, name + ".ln_2"), name + ".mlp.c_fc")
            # torch 1.13 has the approximation as one fused operation.
            x = x + self.linear(F.gelu(inner, approximate="tanh"), name + ".mlp.c_proj")
        return self.norm(x, "transformer.ln_f")

    def logits(self, x):
        return F.linear(x, self.weights["transformer.wte.weight"])


def model_of(folder, task):
    with open(os.path.join(folder, "config.json")) as file:
        config = json.load(file)
    return {"llama": Llama, "gpt2": Gpt2}[config["model_type"]](folder, config, task)


def ids_of(folder, rows):
    with open(os.path.join(folder, "ids.bin"), "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=torch.int64).view(rows, -1)


def training(folder, task):
    model, ids = model_of(folder, task), ids_of(folder, task["rows"])
    optimizer = torch.optim.AdamW(model.trained(), lr=1e-3, eps=1e-6, weight_decay=0.01)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = model.loss(ids)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def generation(folder, task):
    model, prompt = model_of(folder, task), ids_of(folder, task["rows"])

    @torch.no_grad()
    def write():
        model.open_cache(task["rows"], task["tokens"])
        ids, written = prompt, []
        while len(written) < task["new_tokens"]:
            states = model.states(ids)
            model.place += ids.shape[1]
            ids = model.logits(states[:, -1]).argmax(-1, keepdim=True)
            written.append(ids)
        chosen = torch.cat(written, dim=1)
        # Equal sums of places times tokens: the same text.
        return (chosen * torch.arange(1, chosen.numel() + 1).view_as(chosen)).sum().item()

    return write


def adamw(_, task):
    parameters = [torch.full(tuple(shape), 0.5).requires_grad_() for shape in task["shapes"]]
    for parameter in parameters:
        parameter.grad = torch.full_like(parameter, 0.25)
    optimizer = torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01, foreach=True)

    def step():
        optimizer.step()
        return parameters[0].view(-1)[0].item()

    return step


def cross_entropy(_, task):
    rows, classes = task["rows"], task["classes"]
    places = torch.arange(rows * classes, dtype=torch.int64).view(rows, classes)
    logits = ((places * 2654435761 % 4096).float() / 1024 - 2).requires_grad_()
    targets = torch.arange(rows) * 97 % classes

    def step():
        logits.grad = None
        loss = F.cross_entropy(logits, targets, reduction="sum")
        loss.backward()
        return loss.item()

    return step


def main():
    folder = sys.argv[1]
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))
    with open(os.path.join(folder, "task.json")) as file:
        task = json.load(file)
    work = {"training": training, "generation": generation, "adamw": adamw, "cross_entropy": cross_entropy}[task["kind"]](folder, task)
    capability = os.environ.get("ATEN_CPU_CAPABILITY", "default")
    print(json.dumps({"settings": f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, {capability}"}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        check = work()
        print(json.dumps({"milliseconds": (time.perf_counter() - start) * 1000, "check": check}), flush=True)


main()
