package handlers

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
)

// Handler shows the metrics to whoever asks. What tells of voters stands still
// from one moment of release to the next: read from second to second it would
// tell when each ballot was cast, and by the processor's time even without a
// counter.
func (m *Metrics) Handler(moment func() time.Time) http.Handler {
	return promhttp.HandlerFor(&steady{live: m.registry, moment: moment, at: moment()}, promhttp.HandlerOpts{})
}

// steady gathers what is live, and the rest as it was at the last moment that
// has been seen.
type steady struct {
	live   prometheus.Gatherer
	moment func() time.Time

	mu   sync.Mutex
	at   time.Time
	kept map[string][]*dto.Metric // by family; empty until the first moment
}

// liveMetrics are those that no voter moves, or that alarms cannot wait for:
// how many ballots there are too many, memory, connections that are open.
var liveMetrics = []string{
	"osbu_build_info", "osbu_worker_last_success_timestamp_seconds", "osbu_numbers_excess", "osbu_emails_total",
	"osbu_database_connections", "osbu_database_connections_max", "go_goroutines", "go_threads", "go_info",
	"process_resident_memory_bytes", "process_virtual_memory_bytes", "process_open_fds", "process_max_fds",
	"process_start_time_seconds",
}

// liveOperations are those whose requests are live in osbu_request_seconds:
// residents' with an account and staff's. What anybody may call is on a voter's
// way, too, from the front page to her receipt, and what an officer or, for a
// lost credential, an official does stands for a voter before her.
var liveOperations = func() map[string]bool {
	live := map[string]bool{}
	for id, policy := range policies {
		switch policy.Audience {
		case SignedIn, Staff, Officials:
			live[operationName(id)] = id != "replaceCredential"
		}
	}
	return live
}()

// Gather implements prometheus.Gatherer.
func (s *steady) Gather() ([]*dto.MetricFamily, error) {
	families, err := s.live.Gather()
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.moment(); now.After(s.at) {
		s.at, s.kept = now, map[string][]*dto.Metric{}
		for _, f := range families {
			s.kept[f.GetName()] = slices.DeleteFunc(slices.Clone(f.Metric), func(m *dto.Metric) bool { return isLive(f, m) })
		}
	}
	shown := families[:0]
	for _, f := range families {
		f.Metric = append(slices.DeleteFunc(f.Metric, func(m *dto.Metric) bool { return !isLive(f, m) }),
			s.kept[f.GetName()]...)
		if len(f.Metric) > 0 {
			shown = append(shown, f)
		}
	}
	return shown, err
}

func isLive(f *dto.MetricFamily, m *dto.Metric) bool {
	if f.GetName() != "osbu_request_seconds" {
		return slices.Contains(liveMetrics, f.GetName())
	}
	return slices.ContainsFunc(m.Label, func(l *dto.LabelPair) bool {
		return l.GetName() == "operation" && liveOperations[l.GetValue()]
	})
}
