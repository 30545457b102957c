/** Lists the commands of `citibike` by the group of the help. */
import type { Command } from 'commander';

interface CommandEntry {
  /** One line for `citibike --help`. */
  readonly summary: string;
  /** Imports the command only when it is called, because its imports would slow down all other commands. */
  readonly load: () => Promise<Command>;
  /** Omits the command from the help. */
  readonly hidden?: true;
}

/** Lists groups and commands in the order of the help. */
export const COMMANDS: Readonly<Record<string, Readonly<Record<string, CommandEntry>>>> = {
  'Local stack': {
    up: {
      summary: 'install what is missing and start the local stack',
      load: async () => (await import('./commands/up.ts')).upCommand(),
    },
    down: {
      summary: 'stop the local stack and keep its data',
      load: async () => (await import('./commands/down.ts')).downCommand(),
    },
    status: {
      summary: 'show which services of the local stack run, and where',
      load: async () => (await import('./commands/status.ts')).statusCommand(),
    },
    doctor: {
      summary: 'check what the local stack needs on this machine',
      load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
    },
    reset: {
      summary: 'stop the local stack and delete its data',
      load: async () => (await import('./commands/reset.ts')).resetCommand(),
    },
    backup: {
      summary: 'save the data of the local stack in one file',
      load: async () => (await import('./commands/backup.ts')).backupCommand(),
    },
    restore: {
      summary: 'replace the data of the local stack by those of a backup',
      load: async () => (await import('./commands/restore.ts')).restoreCommand(),
    },
    upgrade: {
      summary: 'move the local stack to this version',
      load: async () => (await import('./commands/upgrade.ts')).upgradeCommand(),
    },
    env: {
      summary: 'print the settings of the local stack as export lines for a shell',
      load: async () => (await import('./commands/env.ts')).envCommand(),
    },
    demo: {
      summary: 'start everything, run a whole lifecycle and show the result',
      load: async () => (await import('./commands/demo.ts')).demoCommand(),
    },
  },
  Runs: {
    run: {
      summary: 'start a workflow and follow it to its end',
      load: async () => (await import('./commands/run.ts')).runCommand(),
    },
    runs: {
      summary: 'list runs, or show one with its steps and why it failed',
      load: async () => (await import('./commands/runs.ts')).runsCommand(),
    },
    logs: {
      summary: 'show what a step of a run logged',
      load: async () => (await import('./commands/logs.ts')).logsCommand(),
    },
    schedules: {
      summary: 'list schedules, when they start next, and what they started',
      load: async () => (await import('./commands/schedules.ts')).schedulesCommand(),
    },
    workers: {
      summary: 'show builds of the workers, and choose which starts new runs',
      load: async () => (await import('./commands/workers.ts')).workersCommand(),
    },
  },
  Models: {
    models: {
      summary: 'list the versions of a model with aliases, metrics and the decision on each',
      load: async () => (await import('./commands/models.ts')).modelsCommand(),
    },
    lineage: {
      summary: 'show what an artifact or a version was made from, back to the archives',
      load: async () => (await import('./commands/lineage.ts')).lineageCommand(),
    },
    approve: {
      summary: 'approve or reject a promotion that waits for a person',
      load: async () => (await import('./commands/approve.ts')).approveCommand(),
    },
    promote: {
      summary: 'make a version champion by your decision, and serve it',
      load: async () => (await import('./commands/promote.ts')).promoteCommand(),
    },
    rollback: {
      summary: 'roll back to the version before, or to a named one',
      load: async () => (await import('./commands/rollback.ts')).rollbackCommand(),
    },
    reproduce: {
      summary: 'train a version again from what it records, and compare the weights',
      load: async () => (await import('./commands/reproduce.ts')).reproduceCommand(),
    },
    evaluate: {
      summary: 'score a model on past hours, without a server',
      load: async () => (await import('./commands/evaluate.ts')).evaluateCommand(),
    },
  },
  Predictions: {
    predict: {
      summary: 'predict one hour, or every hour of a file',
      load: async () => (await import('./commands/predict.ts')).predictCommand(),
    },
    forecast: {
      summary: 'show the trips of the next hours as a chart, with the weather of each day',
      load: async () => (await import('./commands/forecast.ts')).forecastCommand(),
    },
  },
  'Data and drift': {
    systems: {
      summary: 'list the bike-share systems with ingested months and champions',
      load: async () => (await import('./commands/systems.ts')).systemsCommand(),
    },
    preprocess: {
      summary: 'turn trip archives into hours, without a server',
      load: async () => {
        // The thread compiles its code while this one loads the command.
        (await import('../adapters/rides/ride-workers.ts')).startThreadAhead('scanning');
        return (await import('./commands/preprocess.ts')).preprocessCommand();
      },
    },
    quality: {
      summary: 'show what the quality gate found in the newest months',
      load: async () => (await import('./commands/quality.ts')).qualityCommand(),
    },
    explore: {
      summary: 'write an exploratory report of demand as one HTML file',
      load: async () => (await import('./commands/explore.ts')).exploreCommand(),
    },
    stations: {
      summary: 'show which stations lose and gain bikes at an hour of the day',
      load: async () => (await import('./commands/stations.ts')).stationsCommand(),
    },
    sample: {
      summary: 'write the synthetic system to a folder',
      load: async () => (await import('./commands/sample.ts')).sampleCommand(),
    },
    drift: {
      summary: 'compare two files column by column, without a server',
      load: async () => (await import('./commands/drift.ts')).driftCommand(),
    },
    decisions: {
      summary: 'show what drift checks decided, why, and what followed',
      load: async () => (await import('./commands/decisions.ts')).decisionsCommand(),
    },
  },
  'Storage and access': {
    s3: {
      summary: 'list and copy what is in S3',
      load: async () => (await import('./commands/s3.ts')).s3Command(),
    },
    sql: {
      summary: 'query the monitoring database',
      load: async () => (await import('./commands/sql.ts')).sqlCommand(),
    },
    'console-token': {
      summary: 'create, list and revoke tokens of the console',
      load: async () => (await import('./commands/console-token.ts')).consoleTokenCommand(),
    },
    'api-key': {
      summary: 'create, list and revoke keys of the prediction service',
      load: async () => (await import('./commands/api-key.ts')).apiKeyCommand(),
    },
    notify: {
      summary: 'check the webhook with a test event',
      load: async () => (await import('./commands/notify.ts')).notifyCommand(),
    },
    provision: {
      summary: 'create tables, buckets, experiment and schedules where the settings point',
      load: async () => (await import('./commands/provision.ts')).provisionCommand(),
    },
  },
  Internal: {
    supervise: {
      summary: 'keep the local stack running; started by up',
      load: async () => (await import('./commands/supervise.ts')).superviseCommand(),
      hidden: true,
    },
  },
};
