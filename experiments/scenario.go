package experiments

// Scenario says what is run: nodes, a protocol, their network, clocks and disks, what goes wrong, and what is checked.
// With a seed it is a run (Plan). It is read by Read; its JSON Schema is Schema.
type Scenario struct {
	Name         string        `yaml:"name" jsonschema:"pattern=^[a-z0-9][a-z0-9.-]*$,maxLength=60" jsonschema_description:"what to call the runs and their files; by default the file's name"`
	About        string        `yaml:"about" jsonschema_description:"one sentence: what question it answers"`
	Protocol     string        `yaml:"protocol" jsonschema:"required" jsonschema_description:"the protocol that every node runs"`
	Params       any           `yaml:"params" jsonschema_description:"the protocol's own parameters; what is left out has the protocol's default"`
	Nodes        int           `yaml:"nodes" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"how many nodes run the protocol, numbered from 0; by default one in each region"`
	Regions      []string      `yaml:"regions" jsonschema:"minItems=1" jsonschema_description:"where the nodes are: node i in region i, starting again at the first when there are more nodes; regions of the matrix"`
	Clients      *Clients      `yaml:"clients" jsonschema_description:"who asks the nodes for something, if the protocol serves clients"`
	Duration     Duration      `yaml:"duration" jsonschema_description:"virtual time to simulate; by default until nothing is left to happen"`
	Until        string        `yaml:"until" jsonschema:"minLength=1,maxLength=100" jsonschema_description:"the run ends when this sometimes- or eventually-property of the protocol first holds, such as a leader is elected (lightcone list checks); that is measured as time until it"`
	WarmUp       Duration      `yaml:"warm-up" jsonschema_description:"what clients ask before is not measured, nor is availability; the protocol's own counts are of the whole run"`
	Network      Network       `yaml:"network" jsonschema_description:"what happens to messages; by default every one arrives after 1ms"`
	Clocks       Clocks        `yaml:"clocks" jsonschema_description:"what the nodes' clocks show; by default true time"`
	Disk         Disk          `yaml:"disk" jsonschema_description:"durable storage; by default writes are durable at once"`
	Faults       []Fault       `yaml:"faults" jsonschema_description:"what goes wrong besides the network: at stated times, or drawn by the seed"`
	Domains      *Domains      `yaml:"domains" jsonschema_description:"failure domains, such as zones of racks, and how they fail; by default there are none"`
	Budget       *FaultBudget  `yaml:"budget" jsonschema_description:"how much goes wrong at once, and when it is over; by default there is no bound"`
	Limits       Limits        `yaml:"limits" jsonschema_description:"bounds whose reaching ends the run, and is reported as that"`
	Checks       []string      `yaml:"checks" jsonschema:"uniqueItems=true" jsonschema_description:"which of the protocol's properties are checked, beside timing (the network kept to its timing model), record (every message is accounted for; nothing runs while it is down) and, of what clients saw, linearizable, sequential, causal and others (lightcone list checks); by default all that apply, and of the last those that the protocol promises"`
	Availability *Availability `yaml:"availability" jsonschema_description:"how the availability of the service is measured; by default it is not"`
	Trace        Tracing       `yaml:"trace" jsonschema_description:"how much of the run is recorded"`

	Vary     Vary       `yaml:"vary" jsonschema_description:"what a sweep varies: from keys, or names of cases, to levels; the grid is their product, in which the first varies slowest; a single run has none of it"`
	Seeds    *Seeds     `yaml:"seeds" jsonschema_description:"with which seeds a sweep runs each point of the grid, all points with the same ones; by default 30 from 1 on"`
	Measure  []string   `yaml:"measure" jsonschema:"minItems=1,uniqueItems=true" jsonschema_description:"which measures a sweep keeps; by default all that the runs have"`
	Baseline LevelSet   `yaml:"baseline" jsonschema_description:"the level of a factor, or of several, from which a sweep takes the differences of the others, seed by seed: {policy: none}"`
	Plot     []PlotSpec `yaml:"plot" jsonschema_description:"figures of a sweep"`
	Expect   []Expect   `yaml:"expect" jsonschema_description:"what a sweep is expected to measure, and is judged by"`
	Full     Overrides  `yaml:"full" jsonschema_description:"overrides for a sweep at full length (--full): {seeds: 10000, duration: 1h}"`

	source   string   // the file's text
	set      []string // the overrides, key=value
	document *value   // where everything stands

	files *attachments // what it reads beside itself
}

// Network says what happens to messages. Parts that are left out are not there.
type Network struct {
	Timing    *Timing      `yaml:"timing" jsonschema_description:"the timing model that the network keeps to, whatever the rest says"`
	Latency   *Law         `yaml:"latency" jsonschema_description:"one-way delay of a message, each on its own"`
	Matrix    string       `yaml:"matrix" jsonschema:"enum=aws" jsonschema_description:"measured round-trip times between regions, of which half is the one-way delay"`
	Jitter    *Law         `yaml:"jitter" jsonschema_description:"added to the matrix's one-way delay, each message on its own"`
	Loss      *Probability `yaml:"loss" jsonschema_description:"share of messages lost, each on its own"`
	Bursts    *Bursts      `yaml:"bursts" jsonschema_description:"losses in bursts, link by link (Gilbert and Elliott)"`
	Duplicate *Probability `yaml:"duplicate" jsonschema_description:"share of messages that arrive twice"`
	Reorder   *Reorder     `yaml:"reorder" jsonschema_description:"some messages are held back, so that later ones overtake them"`
	FIFO      bool         `yaml:"fifo" jsonschema_description:"no message overtakes an earlier one on its link"`
	Corrupt   *Corrupt     `yaml:"corrupt" jsonschema_description:"some messages are damaged on the way"`
	Bandwidth *Rate        `yaml:"bandwidth" jsonschema_description:"of each link: messages wait for those before them"`
	Queue     *Size        `yaml:"queue" jsonschema_description:"how much may wait for a link's bandwidth; what finds no room is lost; by default without bound"`
}

// Timing names one of the three timing models and its figures.
type Timing struct {
	Model     string      `yaml:"model" jsonschema:"required,enum=synchronous,enum=partially-synchronous,enum=asynchronous" jsonschema_description:"synchronous: every message within delta; partially-synchronous: within delta after gst; asynchronous: some time"`
	Delta     *Law        `yaml:"delta" jsonschema_description:"the bound on a message's delay; needed unless asynchronous; partially-synchronous: may be a law, from which the seed draws it"`
	GST       *Law        `yaml:"gst" jsonschema_description:"partially-synchronous: the global stabilisation time, from which on delta holds, or a law of it; by default delta always holds and is merely unknown to the nodes"`
	EarlyLoss bool        `yaml:"early-loss" jsonschema_description:"partially-synchronous: what is lost before gst stays lost"`
	Held      Probability `yaml:"held" jsonschema_description:"asynchronous: share of messages held back for a long time, whose mean is 300ms and whose variance is infinite"`
	Starved   *Spells     `yaml:"starved" jsonschema_description:"asynchronous: for a while nothing arrives over a link, then everything"`
	Reversed  *Spells     `yaml:"reversed" jsonschema_description:"asynchronous: for a while a link delivers in reverse order"`
}

// Spells is a share of time, and how long a spell of it lasts.
type Spells struct {
	Share Probability `yaml:"share" jsonschema:"required" jsonschema_description:"share of the time"`
	For   Duration    `yaml:"for" jsonschema:"required" jsonschema_description:"how long a spell lasts, on average"`
}

// Bursts is the Gilbert-Elliott model by what can be measured of it.
type Bursts struct {
	Loss   Probability `yaml:"loss" jsonschema:"required" jsonschema_description:"share of messages lost in the long run"`
	Length float64     `yaml:"length" jsonschema:"required,minimum=1,maximum=1000000" jsonschema_description:"mean number of messages in a row that are lost"`
}

// Reorder holds back a share of messages.
type Reorder struct {
	Share Probability `yaml:"share" jsonschema:"required" jsonschema_description:"share of messages held back"`
	By    Law         `yaml:"by" jsonschema:"required" jsonschema_description:"for how long"`
}

// Corrupt damages a share of messages.
type Corrupt struct {
	Share      Probability `yaml:"share" jsonschema:"required" jsonschema_description:"share of messages damaged"`
	Undetected Probability `yaml:"undetected" jsonschema_description:"share of the damaged that receivers take for good; the others are detected and thrown away"`
}

// Clocks says what the nodes' clocks show.
type Clocks struct {
	Offset *SignedLaw  `yaml:"offset" jsonschema_description:"what a wall clock is off by at the start, drawn for each node"`
	Drift  *DriftLaw   `yaml:"drift" jsonschema_description:"rate error of a clock in ppm, drawn for each node"`
	Walk   *Walk       `yaml:"walk" jsonschema_description:"the rate error changes as it goes, by a bounded random walk"`
	Steps  []ClockStep `yaml:"steps" jsonschema_description:"steps of wall clocks at stated times"`
	Sync   *Sync       `yaml:"sync" jsonschema_description:"nodes synchronise their wall clocks by exchanging messages over the network"`
}

// Walk is a random walk of a clock's rate.
type Walk struct {
	Every Duration `yaml:"every" jsonschema:"required" jsonschema_description:"time between changes of the rate"`
	Step  DriftLaw `yaml:"step" jsonschema:"required" jsonschema_description:"by how much the rate changes, in ppm"`
	Max   Drift    `yaml:"max" jsonschema:"required" jsonschema_description:"largest rate error either way, in ppm"`
}

// ClockStep is one step of wall clocks.
type ClockStep struct {
	At    Duration       `yaml:"at" jsonschema:"required" jsonschema_description:"when"`
	By    SignedDuration `yaml:"by" jsonschema:"required" jsonschema_description:"by how much; negative is backwards"`
	Nodes []NodeRef      `yaml:"nodes" jsonschema_description:"whose clocks; by default all"`
}

// Sync is periodic synchronisation with one node's wall clock.
type Sync struct {
	Method string   `yaml:"method" jsonschema:"required,enum=cristian,enum=ntp" jsonschema_description:"the exchange: Cristian's or NTP's"`
	Server NodeRef  `yaml:"server" jsonschema_description:"the node that the others ask; by default node 0"`
	Every  Duration `yaml:"every" jsonschema:"required" jsonschema_description:"time between exchanges, on the node's own clock"`
}

// Disk says how durable storage behaves.
type Disk struct {
	Latency *Law        `yaml:"latency" jsonschema_description:"until a write is durable"`
	Kept    Probability `yaml:"kept" jsonschema_description:"share of the writes in flight at a crash that survive it; the others are lost or torn"`
	Torn    Probability `yaml:"torn" jsonschema_description:"share of the writes in flight at a crash that are torn"`
}

// Limits bound a run.
type Limits struct {
	Events  int `yaml:"events" jsonschema:"minimum=1" jsonschema_description:"handlers and faults executed; by default 100000000, without a duration 10000000"`
	Pending int `yaml:"pending" jsonschema:"minimum=1,maximum=16777215" jsonschema_description:"events pending at once"`
	Instant int `yaml:"instant" jsonschema:"minimum=1" jsonschema_description:"events without time moving"`
}

// Tracing says how much of a run is recorded.
type Tracing struct {
	Level  string `yaml:"level" jsonschema:"enum=full,enum=messages,enum=faults" jsonschema_description:"full, messages (no timers being set, no writes) or faults (starts, roles, faults and losses only); by default full"`
	Events int    `yaml:"events" jsonschema:"minimum=1,maximum=10000000" jsonschema_description:"at most so many events; by default 100000"`
}

// Source returns the text that the scenario was read from.
func (s *Scenario) Source() string { return s.source }

// Set returns the overrides that apply to the source, as key=value.
func (s *Scenario) Set() []string { return s.set }
