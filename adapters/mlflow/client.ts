export class MlflowClient {}
