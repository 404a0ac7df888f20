package handlers

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics counts what the services report after their commits. No label ever
// names a person, an area or a choice.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	refusals *prometheus.CounterVec
	inFlight prometheus.Gauge
	ballots  *prometheus.CounterVec
	batches  prometheus.Histogram
	rights   *prometheus.CounterVec
	counted  map[string]*prometheus.GaugeVec
	logSize  *prometheus.GaugeVec
	waiting  *prometheus.GaugeVec
	logged   prometheus.Histogram
	emails   *prometheus.CounterVec
	worked   *prometheus.GaugeVec
}

// NewMetrics makes a registry of its own, with Go's and the process's numbers.
func NewMetrics(r Release) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "osbu_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"operation", "method", "status"}),
		refusals: prometheus.NewCounterVec(
			prometheus.CounterOpts{
				Name: "osbu_refusals_total",
				Help: "Requests refused, by operation, role (none where one votes), reason and limit.",
			},
			[]string{"operation", "role", "code", "limit"},
		),
		inFlight: prometheus.NewGauge(
			prometheus.GaugeOpts{Name: "osbu_requests_in_flight", Help: "Requests being answered."},
		),
		ballots: prometheus.NewCounterVec(
			prometheus.CounterOpts{Name: "osbu_ballots_total", Help: "Ballots put in the box by this process."},
			[]string{"round", "paper"},
		),
		batches: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "osbu_ballot_batch_size", Help: "Ballots stored in one transaction.",
			Buckets: prometheus.ExponentialBuckets(1, 2, 10),
		}),
		emails: prometheus.NewCounterVec(
			prometheus.CounterOpts{
				Name: "osbu_emails_total",
				Help: "Emails tried by this process, by what became of them.",
			},
			[]string{"outcome"},
		),
		rights: prometheus.NewCounterVec(
			prometheus.CounterOpts{Name: "osbu_rights_spent_total", Help: "Rights spent by this process."},
			[]string{"round", "paper", "channel"},
		),
	}
	m.counted = map[string]*prometheus.GaugeVec{}
	for name, help := range map[string]string{
		"credentials":  "Credentials issued, when they were last counted.",
		"ballots":      "Ballots in the box, when they were last counted.",
		"excess":       "Ballots beyond the credentials: anything but 0 is an alarm.",
		"replacements": "Lost credentials replaced in person.",
	} {
		m.counted[name] = prometheus.NewGaugeVec(
			prometheus.GaugeOpts{Name: "osbu_numbers_" + name, Help: help},
			[]string{"round", "paper"},
		)
		m.registry.MustRegister(m.counted[name])
	}
	m.logSize = prometheus.NewGaugeVec(
		prometheus.GaugeOpts{Name: "osbu_log_leaves", Help: "Leaves in a round's log, until it ends."},
		[]string{"round"},
	)
	m.waiting = prometheus.NewGaugeVec(
		prometheus.GaugeOpts{Name: "osbu_log_waiting", Help: "Ballots waiting to go into the log."},
		[]string{"round"},
	)
	m.logged = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "osbu_log_batch_size", Help: "Ballots that went into a log in one batch.",
		Buckets: prometheus.ExponentialBuckets(1, 4, 10),
	})
	m.worked = prometheus.NewGaugeVec(
		prometheus.GaugeOpts{
			Name: "osbu_worker_last_success_timestamp_seconds",
			Help: "When a background job of this process last succeeded, since 1970; 0: not yet.",
		},
		[]string{"worker"},
	)
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "osbu_build_info", Help: "Always 1.", ConstLabels: prometheus.Labels{"release": r.Version, "commit": r.Commit},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.requests,
		m.refusals,
		m.inFlight,
		m.ballots,
		m.batches,
		m.rights,
		m.emails,
		m.logSize,
		m.waiting,
		m.logged,
		m.worked,
		build,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// Kept counts ballots that came into the box.
func (m *Metrics) Kept(round, paper string, ballots int) {
	m.ballots.WithLabelValues(round, paper).Add(float64(ballots))
}

// Flushed counts a batch by its number of ballots.
func (m *Metrics) Flushed(ballots int) { m.batches.Observe(float64(ballots)) }

// Waits shows a round's log.
func (m *Metrics) Waits(round string, ballots int, size int64) {
	m.waiting.WithLabelValues(round).Set(float64(ballots))
	m.logSize.WithLabelValues(round).Set(float64(size))
}

// Ended forgets a round whose log has ended.
func (m *Metrics) Ended(round string) {
	m.waiting.DeleteLabelValues(round)
	m.logSize.DeleteLabelValues(round)
}

// Logged counts a batch that went into a log.
func (m *Metrics) Logged(ballots int) { m.logged.Observe(float64(ballots)) }

// RightSpent counts a right after the commit that spent it.
func (m *Metrics) RightSpent(round, paper, channel string) {
	m.rights.WithLabelValues(round, paper, channel).Inc()
}

// Counted shows a paper's numbers.
func (m *Metrics) Counted(round, paper string, credentials, ballots, replacements int) {
	for name, n := range map[string]int{
		"credentials": credentials, "ballots": ballots, "excess": max(0, ballots-credentials), "replacements": replacements,
	} {
		m.counted[name].WithLabelValues(round, paper).Set(float64(n))
	}
}

// EmailTried counts an e-mail that was sent or not, by its outcome.
func (m *Metrics) EmailTried(outcome string) { m.emails.WithLabelValues(outcome).Inc() }

// Employ shows a background job before it has succeeded once, so that an alarm
// can tell one that never does.
func (m *Metrics) Employ(worker string) { m.worked.WithLabelValues(worker).Set(0) }

// Worked shows when a background job succeeded.
func (m *Metrics) Worked(worker string, at time.Time) {
	m.worked.WithLabelValues(worker).Set(float64(at.UnixMilli()) / 1000)
}

// WatchQueue shows how many ballots wait for their transaction.
func (m *Metrics) WatchQueue(depth func() int) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "osbu_ballot_queue", Help: "Ballots waiting for their transaction."},
		func() float64 { return float64(depth()) }))
}

// Pool is the state of a database's connections.
type Pool struct {
	Total, Acquired, Idle, Max int
	Acquires, EmptyAcquires    int64 // since the start; empty ones had to wait
	Waited                     time.Duration
}

// WatchPool shows a database's pool.
func (m *Metrics) WatchPool(database string, stat func() Pool) {
	gauge := func(name, help string, of func(Pool) float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "osbu_database_" + name, Help: help, ConstLabels: prometheus.Labels{"database": database},
		}, func() float64 { return of(stat()) }))
	}
	counter := func(name, help string, of func(Pool) float64) {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "osbu_database_" + name, Help: help, ConstLabels: prometheus.Labels{"database": database},
		}, func() float64 { return of(stat()) }))
	}
	gauge("connections", "Open connections.", func(p Pool) float64 { return float64(p.Total) })
	gauge("connections_acquired", "Connections in use.", func(p Pool) float64 { return float64(p.Acquired) })
	gauge("connections_idle", "Connections at rest.", func(p Pool) float64 { return float64(p.Idle) })
	gauge("connections_max", "Most connections allowed.", func(p Pool) float64 { return float64(p.Max) })
	counter("acquires_total", "Connections taken from the pool.", func(p Pool) float64 { return float64(p.Acquires) })
	counter(
		"empty_acquires_total",
		"Connections that had to be waited for.",
		func(p Pool) float64 { return float64(p.EmptyAcquires) },
	)
	counter(
		"wait_seconds_total",
		"Time spent waiting for connections.",
		func(p Pool) float64 { return p.Waited.Seconds() },
	)
}

// measure times every request under its operation's name, never its address.
func (s *Server) measure(c *fiber.Ctx) error {
	m := s.config.Metrics
	m.inFlight.Inc()
	defer m.inFlight.Dec()
	began := time.Now()
	err := c.Next()
	if err != nil { // rendered here, so that its status is known
		err = s.renderProblem(c, err)
	}
	operation := operationOf(c)
	if operation == nil {
		operation = otherOperation
	}
	m.requests.WithLabelValues(operation.name, methodOf(c), strconv.Itoa(c.Response().StatusCode())).
		Observe(time.Since(began).Seconds())
	return err
}

// methodOf is one of the methods that anything here takes, so that strangers
// cannot make new time series.
func methodOf(c *fiber.Ctx) string {
	switch m := c.Method(); m {
	case fiber.MethodGet, fiber.MethodHead, fiber.MethodPost, fiber.MethodPut, fiber.MethodDelete:
		return m
	}
	return "other"
}
