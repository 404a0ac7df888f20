package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"osbu/domain/box"
)

// archiving keeps every finished segment of the write-ahead log beside the data
// folder, which is the working folder of the command. A segment has its name
// only when all of it is there: a crash amid cp would leave one that no
// recovery takes.
var archiving = []string{
	"-c", "wal_level=replica", "-c", "archive_mode=on", "-c",
	"archive_command='mkdir -p ../archive && test ! -f ../archive/%f && cp %p ../archive/part && sync ../archive/part " +
		"&& mv ../archive/part ../archive/%f'",
}

// Restore rehearses the loss of all machines at once: office and box come back
// from a base backup and the archived log, the office to its last moment, the
// box only to an earlier one. What was promised after that moment is gone from
// the box; the witness must see it, the voters' browsers can send the same
// bytes again.
func Restore(ctx context.Context, c Config) (r Report, err error) {
	start := time.Now()
	random := rand.New(rand.NewPCG(c.Seed, 0))
	t, err := build(ctx, c, archiving...)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	backups := map[*cluster]*cluster{}
	for _, from := range []*cluster{t.office, t.box} {
		backups[from] = &cluster{name: from.name, dir: from.dir + "-restored"}
		t.spare = append(t.spare, from, backups[from])
	}
	t.Election = c.Election.Again(3*crowdSize/len(c.Election.Ballots) + 1)
	hosts := func(c *cluster) string { return c.home() + "," + filepath.Join(backups[c].dir, "postgres") }
	if err := t.serve(ctx, hosts(t.office), hosts(t.box), false); err != nil {
		return r, err
	}
	if err := t.open(ctx); err != nil {
		return r, err
	}
	r = Report{Seed: c.Seed, Faults: map[string]int{}, Problems: []string{}}

	t.crowd(ctx, random, crowdSize, crowdTime)()
	for from, to := range backups {
		if err := to.copyOf(ctx, from); err != nil {
			return r, err
		}
	}
	c.Note("base backups taken while the vote goes on")
	t.crowd(ctx, random, crowdSize, crowdTime)()
	t.judge(ctx, &r, "the backup")
	before := t.came
	moment, err := t.box.now(ctx)
	if err != nil {
		return r, err
	}
	t.crowd(ctx, random, crowdSize, crowdTime)()
	if err := t.logged(ctx); err != nil {
		return r, err
	}
	t.judge(ctx, &r, "the moment to restore to")
	all, err := t.promised()
	if err != nil {
		return r, err
	}
	for from := range backups {
		if err := from.archived(ctx); err != nil {
			return r, err
		}
	}

	c.Note("both databases and their machines are gone; the box is restored to " + moment)
	if err := errors.Join(t.office.kill(ctx), t.box.kill(ctx)); err != nil {
		return r, err
	}
	r.Kills = 2
	if err := errors.Join(backups[t.office].restore(ctx, t.office, ""),
		backups[t.box].restore(ctx, t.box, moment)); err != nil {
		return r, err
	}
	t.office, t.box = backups[t.office], backups[t.box]
	if err := t.ready(ctx); err != nil {
		return r, err
	}
	if err := t.rolledBack(ctx, &r, all); err != nil {
		return r, err
	}
	c.Note(
		fmt.Sprintf(
			"the box lacks %d ballots that it had acknowledged; the witness saw it: %v",
			r.RolledBack,
			r.RollbackSeen,
		),
	)

	for voter := before; voter < t.came; voter++ {
		if err := t.rehearsal.Again(ctx, voter); err != nil {
			r.problem(fmt.Errorf("the same bytes sent to the restored box: %w", err))
		}
	}
	c.Note("their voters have sent the same bytes again, and got the same promises")
	seen := t.witness
	t.witness = newWitness(t.url, t.rehearsal.Manifest()) // who never saw the log that is gone
	err = t.finish(ctx, &r, random, nil)
	if fork := seen.look(ctx); !errors.Is(fork, errFork) {
		if _, fork = seen.check(ctx); !errors.Is(fork, errFork) {
			r.problem(fmt.Errorf("a witness of the log before the restore is content with the one after it: %w", fork))
		}
	}
	r.Seconds = time.Since(start).Seconds()
	return r, errors.Join(err, ctx.Err())
}

// rolledBack counts the acknowledged ballots that a restored box lacks, each of
// them one that came after the moment, and asks the witness.
func (t *deployment) rolledBack(ctx context.Context, r *Report, promised []box.Leaf) error {
	fork := t.witness.look(ctx)
	r.RollbackSeen = errors.Is(fork, errFork)
	if !r.RollbackSeen {
		r.problem(fmt.Errorf("nobody sees that the log went back: %w", fork))
	}
	for _, l := range promised {
		if t.witness.receipt(ctx, l) != nil {
			r.RolledBack++
		}
	}
	if r.RolledBack == 0 || r.RolledBack > crowdSize {
		r.problem(
			fmt.Errorf(
				"the restored box lacks %d of the acknowledged ballots, and should lack those of the last %d voters",
				r.RolledBack,
				crowdSize,
			),
		)
	}
	return nil
}

// logged waits until every acknowledged ballot is in the log.
func (t *deployment) logged(ctx context.Context) error {
	promised, err := t.promised()
	if err != nil {
		return err
	}
	return await(ctx, "the log to hold every ballot", func(ctx context.Context) error {
		if err := t.witness.look(ctx); err != nil {
			return err
		}
		if n := t.witness.size(); n < 1+len(promised) {
			return fmt.Errorf("it has %d leaves", n)
		}
		return nil
	})
}

// now is the cluster's clock, as recovery_target_time takes it.
func (c *cluster) now(ctx context.Context) (moment string, err error) {
	conn, err := c.admin(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	err = conn.QueryRow(ctx, "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')||'+00'").
		Scan(&moment)
	return moment, err
}

// archived waits until all that was committed lies in the archive.
func (c *cluster) archived(ctx context.Context) error {
	var segment string
	conn, err := c.admin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := conn.QueryRow(ctx, "SELECT pg_walfile_name(pg_switch_wal())").Scan(&segment); err != nil {
		return err
	}
	return await(ctx, "the archive", func(context.Context) error {
		_, err := os.Stat(filepath.Join(c.home(), "archive", segment))
		return err
	})
}

// restore starts a base backup and lets it catch up from the archive of another
// cluster, to a moment or to the end.
func (c *cluster) restore(ctx context.Context, from *cluster, moment string) error {
	signal := filepath.Join(c.data(), "recovery.signal")
	if err := os.WriteFile(signal, nil, 0o600); err != nil {
		return err
	}
	archive := filepath.Join(from.home(), "archive")
	c.options = []string{"-c", "restore_command='cp " + archive + "/%f %p'", "-c", "recovery_target_action=promote"}
	if moment != "" {
		c.options = append(c.options, "-c", "recovery_target_time='"+moment+"'")
	}
	if err := errors.Join(own(c.data(), signal), c.start(ctx)); err != nil {
		return err
	}
	return await(ctx, "the recovery", func(ctx context.Context) error {
		n, err := c.ask(ctx, "SELECT pg_is_in_recovery()::int")
		if err == nil && n != 0 {
			err = errors.New("it goes on")
		}
		return err
	})
}
