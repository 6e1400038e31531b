namespace Sanbashi.Gateway.Forwarding;

internal enum ForwardOutcome
{
    /// <summary>The answer went through whole.</summary>
    Completed,

    /// <summary>No connection to the instance: nothing of the request was sent.</summary>
    Unreachable,

    /// <summary>The instance did not accept the connection in time: nothing of the request was sent.</summary>
    ConnectTimeout,

    /// <summary>The connection broke after something may have been sent and before an answer came.</summary>
    Broken,

    /// <summary>The answer is not one that can be passed on.</summary>
    InvalidAnswer,

    /// <summary>What the client sent is not a valid request body.</summary>
    InvalidRequest,

    /// <summary>What the client sent has a header value that is not passed on.</summary>
    InvalidHeader,

    /// <summary>The client went away.</summary>
    ClientGone,

    /// <summary>The gateway ended the exchange before an answer came, see <see cref="Exchanges.Exchange.EndReason"/>.</summary>
    Ended,

    /// <summary>The answer had begun and could not be completed; the client's stream was cut.</summary>
    CutOff,
}

internal readonly record struct ForwardResult(ForwardOutcome Outcome, Exception? Error = null);
