package experiments

// Clients says who asks the servers, for what, and what a client does when it gets no answer. They are nodes too,
// numbered after the servers.
type Clients struct {
	Count     int      `yaml:"count" jsonschema:"required,minimum=1,maximum=10000" jsonschema_description:"how many clients; they are nodes, numbered after the servers"`
	Regions   []string `yaml:"regions" jsonschema:"minItems=1" jsonschema_description:"where the clients are: client i in region i, starting again at the first when there are more clients; by default in the regions of the scenario"`
	Timeout   Duration `yaml:"timeout" jsonschema:"required" jsonschema_description:"how long a client waits for the answer to one attempt, on its own clock"`
	Deadline  Duration `yaml:"deadline" jsonschema_description:"how long a client waits for an operation over all attempts; then its outcome is unknown; by default for ever"`
	Retry     *Retry   `yaml:"retry" jsonschema_description:"when a client asks again; by default never"`
	Hedge     Duration `yaml:"hedge" jsonschema_description:"ask a second server too if the first has not answered within this time, for a write only with tokens; by default never"`
	Near      bool     `yaml:"near" jsonschema_description:"ask only the servers of the client's own region, if there are any there, and whom they name as leader; by default all"`
	Lanes     int      `yaml:"lanes" jsonschema:"minimum=1" jsonschema_description:"how many operations of a client may be under way at once, each in a session of its own; further ones wait; by default any number"`
	Tokens    bool     `yaml:"tokens" jsonschema_description:"register a session and send a token with every operation, by which servers execute it once"`
	Repeat    bool     `yaml:"repeat" jsonschema_description:"ask for a write again even without a token, so that it may take effect more than once; by default a write whose first attempt may have taken effect is unknown"`
	Propagate bool     `yaml:"propagate" jsonschema_description:"tell the servers with every attempt how long its answer is waited for, so that one that queues requests need not serve what nobody waits for"`
	Sticky    bool     `yaml:"sticky" jsonschema_description:"go on asking the server that answered last; by default a random one"`
	Workload  Workload `yaml:"workload" jsonschema_description:"what each client asks for, and when"`
}

// Retry says when a client asks again.
type Retry struct {
	Policy   string   `yaml:"policy" jsonschema:"required,enum=none,enum=fixed,enum=exponential,enum=full-jitter,enum=equal-jitter,enum=decorrelated" jsonschema_description:"none; fixed: always after base; exponential: twice base, doubled at each further attempt; full-jitter: uniform from 0 to that; equal-jitter: half of that and a uniform half; decorrelated: uniform from base to three times the last wait"`
	Base     Duration `yaml:"base" jsonschema_description:"the unit of the waits"`
	Cap      Duration `yaml:"cap" jsonschema_description:"the longest wait; by default none is too long"`
	Attempts int      `yaml:"attempts" jsonschema:"minimum=1" jsonschema_description:"at most so many attempts, the first included; by default without end"`
	Budget   *Budget  `yaml:"budget" jsonschema_description:"keeps retries from multiplying the load of servers that are overloaded already; by default without bound"`
}

// Budget is a bucket of tokens that failures empty and successes fill: with half of them or fewer there are neither
// retries nor hedges.
type Budget struct {
	Tokens int     `yaml:"tokens" jsonschema:"required,minimum=1,maximum=1000" jsonschema_description:"how many tokens the bucket of a client holds; an attempt that fails takes one"`
	Ratio  float64 `yaml:"ratio" jsonschema:"required,minimum=0.001,maximum=1000" jsonschema_description:"how many an operation that succeeds gives back"`
}

// Workload says what each client asks for, and when.
type Workload struct {
	Loop       string     `yaml:"loop" jsonschema:"enum=closed,enum=open" jsonschema_description:"closed: asks, waits for the answer, thinks; open: asks whether or not the answer to the last is there; by default closed"`
	Think      *Law       `yaml:"think" jsonschema_description:"closed: time from an answer, or from giving up, to the next operation; by default 0s"`
	Arrivals   string     `yaml:"arrivals" jsonschema:"enum=poisson,enum=constant,enum=bursts" jsonschema_description:"open: when operations come: poisson: independently; constant: at equal distances; bursts: now and then many; by default poisson"`
	Rate       *Frequency `yaml:"rate" jsonschema_description:"open: operations a second of each client; with bursts, within a burst"`
	Bursts     *OnOff     `yaml:"bursts" jsonschema_description:"open, arrivals in bursts: how long they last"`
	Keys       Keys       `yaml:"keys" jsonschema_description:"which keys are asked for; by default each of 10 as often"`
	Mix        *Mix       `yaml:"mix" jsonschema_description:"how often each kind of operation is, in proportion; by default as many gets as puts"`
	Operations int        `yaml:"operations" jsonschema:"minimum=1" jsonschema_description:"how many operations each client asks for; by default without end"`
}

// OnOff is how long bursts last.
type OnOff struct {
	On  Duration `yaml:"on" jsonschema:"required" jsonschema_description:"how long a burst lasts, on average"`
	Off Duration `yaml:"off" jsonschema:"required" jsonschema_description:"how long it is quiet between two bursts, on average"`
}

// Keys says which keys are asked for.
type Keys struct {
	Law      string       `yaml:"law" jsonschema:"enum=uniform,enum=zipf,enum=hot" jsonschema_description:"uniform: each as often; zipf: the k-th as often as 1/k^exponent; hot: the first ones get a share, the others the rest; by default uniform"`
	Count    int          `yaml:"count" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"how many keys there are; by default 10"`
	Exponent *float64     `yaml:"exponent" jsonschema:"minimum=0,maximum=100" jsonschema_description:"zipf: by default 1"`
	Hot      int          `yaml:"hot" jsonschema:"minimum=1" jsonschema_description:"hot: how many keys are hot; by default 1"`
	Share    *Probability `yaml:"share" jsonschema_description:"hot: the share of the operations that is on hot keys; by default 0.9"`
}

// Mix is weights of the kinds of operations.
type Mix struct {
	Get    float64 `yaml:"get" jsonschema:"minimum=0,maximum=1000000" jsonschema_description:"read a key"`
	Put    float64 `yaml:"put" jsonschema:"minimum=0,maximum=1000000" jsonschema_description:"set a key"`
	Append float64 `yaml:"append" jsonschema:"minimum=0,maximum=1000000" jsonschema_description:"append to a key's value"`
	CAS    float64 `yaml:"cas" jsonschema:"minimum=0,maximum=1000000" jsonschema_description:"set a key if it still has the value that the client last saw"`
	Delete float64 `yaml:"delete" jsonschema:"minimum=0,maximum=1000000" jsonschema_description:"remove a key"`
}

// The laws of keys.
const (
	uniformKeys = "uniform"
	zipfKeys    = "zipf"
	hotKeys     = "hot"
)

// count is how many keys there are.
func (k *Keys) count() int {
	if k.Count == 0 {
		return 10
	}
	return k.Count
}
