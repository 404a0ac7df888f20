package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// pair is a primary and its synchronous standby: a commit is acknowledged when
// both have it on disk.
type pair struct{ primary, standby *cluster }

// newPair gives a primary a standby beside it.
func newPair(ctx context.Context, primary *cluster) (*pair, error) {
	p := &pair{
		primary: primary,
		standby: &cluster{name: primary.name, dir: primary.dir + "-2", options: primary.options},
	}
	return p, p.follow(ctx)
}

// follow makes the standby anew from a base backup of the primary, which then
// waits for it with every commit.
func (p *pair) follow(ctx context.Context) error {
	if err := p.standby.copyOf(ctx, p.primary, "-R"); err != nil {
		return err
	}
	name := filepath.Base(p.standby.dir)
	p.standby.options = append(
		p.standby.options[:len(p.standby.options):len(p.standby.options)],
		"-c",
		"cluster_name="+name,
	)
	if err := p.standby.start(ctx); err != nil {
		return err
	}
	if err := p.primary.exec(ctx, `ALTER SYSTEM SET synchronous_standby_names =
		'"`+name+`"'`, "SELECT pg_reload_conf()"); err != nil {
		return err
	}
	return await(ctx, "the standby to follow", func(ctx context.Context) error {
		n, err := p.primary.ask(ctx, "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'")
		if err == nil && n != 1 {
			err = errors.New("it does not yet")
		}
		return err
	})
}

// promote makes the standby the primary; what was the primary becomes the one
// to follow.
func (p *pair) promote(ctx context.Context) error {
	if err := p.standby.exec(ctx, "SELECT pg_promote()"); err != nil {
		return err
	}
	p.primary, p.standby = p.standby, p.primary
	return nil
}

// copyOf takes a base backup of another cluster into this one's folder, under
// the same logins, and leaves it to be started.
func (c *cluster) copyOf(ctx context.Context, from *cluster, options ...string) error {
	if err := c.forget(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(c.dir, "postgres"), 0o711); err != nil {
		return err
	}
	for _, name := range []string{"database-passwords", "test-database-url"} {
		text, err := os.ReadFile(filepath.Join(from.dir, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(c.dir, name), text, 0o600); err != nil {
			return err
		}
	}
	address, err := from.url("test")
	if err != nil {
		return err
	}
	if err := own(from.data(), c.home()); err != nil {
		return err
	}
	if err := from.tool(ctx, "pg_basebackup",
		append([]string{"-d", address, "-D", c.data(), "-c", "fast", "-X", "stream"}, options...)...); err != nil {
		return err
	}
	return os.WriteFile(
		filepath.Join(c.home(), "ready"),
		nil,
		0o600,
	) // for scripts/postgres: there is nothing to create
}

// own gives a file to whom another belongs.
func own(like, name string) error {
	owner, err := os.Stat(like)
	if err != nil {
		return err
	}
	s, ok := owner.Sys().(*syscall.Stat_t)
	if !ok {
		return errors.New("files have no owners on this system")
	}
	return os.Chown(name, int(s.Uid), int(s.Gid))
}

// tool runs one of PostgreSQL's programs, of the release and as the user of the
// cluster, which must be running.
func (c *cluster) tool(ctx context.Context, program string, args ...string) error {
	server, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", c.postmaster()))
	if err != nil {
		return err
	}
	owner, err := os.Stat(c.data())
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(
		ctx,
		filepath.Join(filepath.Dir(server), program),
		args...)
	cmd.Dir = "/"
	if s, ok := owner.Sys().(*syscall.Stat_t); ok && os.Getuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: s.Uid, Gid: s.Gid}}
	}
	return run(cmd)
}

// loss is one way to lose a primary.
type loss struct {
	name   string
	strike func(ctx context.Context, t *deployment, p *pair) error
}

var losses = []loss{
	{"primary -9", losePrimary},
	{"primary hangs", hangPrimary},
	{"standby -9, then primary -9", loseBoth},
}

// losePrimary is a machine that is gone at once.
func losePrimary(ctx context.Context, _ *deployment, p *pair) error {
	if err := p.primary.kill(ctx); err != nil {
		return err
	}
	return p.promote(ctx)
}

// hangPrimary is a machine that still takes connections and answers nothing. It
// stays so until the service has gone on with the other one, which it must by
// itself; then it is fenced: two primaries would tell two stories.
func hangPrimary(ctx context.Context, t *deployment, p *pair) error {
	p.primary.signal(syscall.SIGSTOP)
	pause(ctx, time.Second)
	if err := p.promote(ctx); err != nil {
		return err
	}
	return errors.Join(t.ready(ctx), p.standby.kill(ctx))
}

// degraded is how long a primary is left without its standby: longer than a
// request, and the intake's transaction, may take.
const degraded = 35 * time.Second

// loseBoth is the worst order: no commit can be acknowledged without the
// standby, however often a voter asks; then the primary dies, and the standby,
// which knows nothing of what came meanwhile, takes over.
func loseBoth(ctx context.Context, _ *deployment, p *pair) error {
	if err := p.standby.kill(ctx); err != nil {
		return err
	}
	pause(ctx, degraded)
	if err := errors.Join(p.primary.kill(ctx), p.standby.start(ctx)); err != nil {
		return err
	}
	return p.promote(ctx)
}

// Standby stages losses of primaries, of office and box in turn. Each time the
// standby is promoted, the server goes on with it by itself, and what was lost
// comes back as its standby.
func Standby(ctx context.Context, c Config) (r Report, err error) {
	start := time.Now()
	random := rand.New(rand.NewPCG(c.Seed, 0))
	t, err := build(ctx, c, "-c", "wal_keep_size=64MB")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	pairs := make([]*pair, 2)
	for i, primary := range []*cluster{t.office, t.box} {
		if pairs[i], err = newPair(ctx, primary); pairs[i] != nil {
			t.spare = append(t.spare, primary, pairs[i].standby)
		}
		if err != nil {
			return r, err
		}
	}
	hosts := func(p *pair) string { return p.primary.home() + "," + p.standby.home() }
	t.Election = c.Election.Again(c.Kills*2*crowdSize/len(c.Election.Ballots) + 1)
	if err := t.serve(ctx, hosts(pairs[0]), hosts(pairs[1]), false); err != nil {
		return r, err
	}
	if err := t.open(ctx); err != nil {
		return r, err
	}
	r = Report{Seed: c.Seed, Faults: map[string]int{}, Problems: []string{}}
	watch, stop := context.WithCancel(ctx)
	defer stop()
	go t.witness.watch(watch)
	for i := range c.Kills {
		p, l := pairs[i%2], losses[i/2%len(losses)]
		k := kind{p.primary.name + " " + l.name, true, func(ctx context.Context, t *deployment) error {
			err := l.strike(ctx, t, p)
			t.office, t.box = pairs[0].primary, pairs[1].primary
			return err
		}}
		wait := t.crowd(ctx, random, crowdSize, crowdTime)
		pause(ctx, time.Duration(random.Int64N(int64(crowdTime))))
		if err := t.strike(ctx, &r, k); err != nil {
			return r, err
		}
		wait()
		t.judge(ctx, &r, k.name)
		if err := p.follow(ctx); err != nil {
			return r, err
		}
		t.crowd(ctx, random, crowdSize, crowdTime)() // with a read-only host in the address
		t.judge(ctx, &r, "the return of "+k.name)
		c.Note(fmt.Sprintf("%3d %-40s %5d voters, log of %d", i+1, k.name, t.came, t.witness.size()))
	}
	err = t.finish(ctx, &r, random, nil)
	r.Seconds = time.Since(start).Seconds()
	return r, errors.Join(err, ctx.Err())
}
