using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace FineTuneKit.Models.Hub;

/// <summary>
/// Requests to the hub: tries again where that may help, follows redirects itself, and shows the token to nobody but the hub.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 8;
    private const int LongestAnswer = 64 << 20;

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public HubClient(HubSettings settings)
    {
        Settings = settings;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd($"FineTuneKit/{typeof(HubClient).Assembly.GetName().Version!.ToString(3)}");
        _http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    public HubSettings Settings { get; }

    public Uri Address(string path) => new(Settings.Endpoint, path);

    /// <summary>Asks for JSON and parses it.</summary>
    /// <exception cref="InputException">The hub refuses: not found, not allowed.</exception>
    /// <exception cref="HubException">No usable answer after all tries.</exception>
    public async Task<JsonDocument> Json(Func<HttpRequestMessage> request, CancellationToken cancel)
    {
        (byte[] answer, Uri address) = await Send(request, async (response, address, quiet) => (await Body(response, address, quiet), address), cancel);
        try
        {
            return JsonDocument.Parse(answer);
        }
        catch (JsonException e)
        {
            throw new HubException($"{address} answers with what is not JSON: {e.Message}", e);
        }
    }

    /// <summary>
    /// Sends a request until an answer of 2xx is read by <paramref name="read"/>; what that throws as <see cref="HttpRequestException"/>,
    /// <see cref="IOException"/> or by silence counts as one more failed try.
    /// </summary>
    /// <param name="request">Makes the request anew for each try.</param>
    /// <param name="read">Reads the answer; the last argument ends it when the server falls silent and is told of what comes.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <param name="progressed">Tells whether the last try brought something, so that the tries count anew; null for never.</param>
    public async Task<T> Send<T>(Func<HttpRequestMessage> request, Func<HttpResponseMessage, Uri, Quiet, Task<T>> read, CancellationToken cancel, Func<bool>? progressed = null)
    {
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan wait;
            string problem;
            using var quiet = new Quiet(Settings.Patience, cancel);
            try
            {
                (HttpResponseMessage response, Uri address) = await Follow(request(), quiet);
                using (response)
                {
                    if (response.IsSuccessStatusCode) return await read(response, address, quiet);
                    problem = $"{address} answers {(int)response.StatusCode} {response.ReasonPhrase}";
                    if (!IsPassing(response.StatusCode)) throw await Refusal(response, address, quiet);
                    wait = RetryAfter(response) ?? Backoff(attempt);
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                problem = e is OperationCanceledException ? $"{Settings.Endpoint.Host} was silent for {Settings.Patience.TotalSeconds:0} s" : $"{Settings.Endpoint.Host}: {e.Message}";
                wait = Backoff(attempt);
            }
            if (progressed?.Invoke() == true) attempt = 1;
            if (attempt >= Settings.Tries) throw new HubException($"{problem}; {attempt} tries");
            if (wait > Settings.LongestWait) throw new HubException($"{problem} and asks to wait {wait.TotalSeconds:0} s; try again then");
            await Settings.Wait(wait, cancel);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpResponseMessage Response, Uri Address)> Follow(HttpRequestMessage request, Quiet quiet)
    {
        Uri address = request.RequestUri!;
        for (int redirects = 0; ; redirects++)
        {
            if (IsHub(address) && Settings.Token is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, quiet.Token);
            quiet.Heard();
            // A question about a file is answered by the hub itself, also where the content lies elsewhere; a redirect within the hub means that the model was renamed.
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)) return (response, address);
            Uri? next = response.Headers.Location is { } location ? new Uri(address, location) : null;
            if (request.Method == HttpMethod.Head && next is not null && !IsHub(next)) return (AsAnswer(response), address);
            response.Dispose();
            if (next is null || redirects == MostRedirects || next.Scheme is not ("http" or "https") || (address.Scheme == "https" && next.Scheme != "https"))
                throw new HubException($"{address} redirects {(next is null ? "to nowhere" : redirects == MostRedirects ? "without end" : $"to {next.Scheme}, which is not safe")}");
            if (request.Content is not null) throw new HubException($"{address} redirects an upload to {next.Host}");
            HttpRequestMessage following = new(request.Method, next);
            following.Headers.Range = request.Headers.Range;
            (request, address) = (following, next);
        }
    }

    private static HttpResponseMessage AsAnswer(HttpResponseMessage redirect)
    {
        redirect.StatusCode = HttpStatusCode.OK;
        return redirect;
    }

    private bool IsHub(Uri address) => Uri.Compare(address, Settings.Endpoint, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static bool IsPassing(HttpStatusCode code) => code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)code is 500 or 502 or 503 or 504;

    private async Task<Exception> Refusal(HttpResponseMessage response, Uri address, Quiet quiet)
    {
        string said = Said(await Body(response, address, quiet));
        string known = Settings.Token is null ? "no token is set (HF_TOKEN, or the file of huggingface-cli login)" : "the token that is set does not suffice";
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new InputException($"{address}: no such model, or not without leave; {known}{said}"),
            HttpStatusCode.Forbidden => new InputException($"{address}: access is not granted; {known}{said}"),
            HttpStatusCode.NotFound => new InputException($"{address}: not found{said}"),
            _ => new HubException($"{address} answers {(int)response.StatusCode} {response.ReasonPhrase}{said}"),
        };
    }

    private static string Said(byte[] body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out JsonElement error) ? $" ({error})" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static async Task<byte[]> Body(HttpResponseMessage response, Uri address, Quiet quiet)
    {
        using var body = new MemoryStream();
        using Stream stream = await response.Content.ReadAsStreamAsync(quiet.Token);
        byte[] buffer = new byte[1 << 14];
        for (int read; (read = await stream.ReadAsync(buffer, quiet.Token)) > 0; quiet.Heard())
        {
            body.Write(buffer, 0, read);
            if (body.Length > LongestAnswer) throw new HubException($"{address} answers with more than {LongestAnswer} bytes, where a list or a message is due");
        }
        return body.ToArray();
    }

    private static TimeSpan Backoff(int attempt) => TimeSpan.FromSeconds(Math.Min(30, 1 << (attempt - 1)));

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - DateTimeOffset.UtcNow,
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}

/// <summary>Cancels a request when its server has said nothing for a while.</summary>
internal sealed class Quiet : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly TimeSpan _patience;

    public Quiet(TimeSpan patience, CancellationToken cancel)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        _patience = patience;
        Heard();
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Something came: the wait begins anew.</summary>
    public void Heard() => _source.CancelAfter(_patience);

    public void Dispose() => _source.Dispose();
}
